namespace AiRouter.Api.Requests;

/// <summary>Leaves a stream that would have to hold an answer for which there is no memory: reading has no other way to say so.</summary>
internal sealed class OutOfBuffersException() : IOException("There is no memory for the answer.");
