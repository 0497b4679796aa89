using System.Text.Encodings.Web;
using System.Text.Json;

namespace AiRouter.Api.Streaming;

/// <summary>What is the same in every chunk of an answer.</summary>
/// <param name="Id">The answer's id.</param>
/// <param name="Created">When it began, in seconds since 1970.</param>
/// <param name="Model">The public model name.</param>
internal sealed record AnswerHead(string Id, long Created, string Model)
{
    /// <summary>The members as JSON, with the object's opening brace and without its closing one.</summary>
    public byte[] Open(string objectName) => System.Text.Encoding.UTF8.GetBytes(
        $"{{\"id\":\"{Id}\",\"object\":\"{objectName}\",\"created\":{Created}," +
        $"\"model\":\"{JsonEncodedText.Encode(Model, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"");
}
