using AiRouter.Api.Endpoints;

namespace AiRouter.Api.Streaming;

/// <summary>What puts a stream of events together, by its dialect.</summary>
internal static class AnswerAssemblies
{
    /// <summary>A new one.</summary>
    public static IAnswerAssembly For(Operation operation) => operation.Dialect switch
    {
        StreamDialect.Responses => new ResponsesAssembly(),
        StreamDialect.Messages => new MessagesAssembly(),
        _ => new ChatAssembly(operation.Name),
    };
}
