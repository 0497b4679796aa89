using System.Buffers;
using AiRouter.Api.Errors;
using AiRouter.Prompting.Formats;

namespace AiRouter.Api.Backends.Triton.Requests;

/// <summary>
/// Renders prompts. What a template refuses is the client's to mend, in the template's own words; a template that fails is
/// the operator's: then the client is told no more than that, and the log has the place.
/// </summary>
internal sealed partial class PromptRenderer(ILogger<PromptRenderer> logger)
{
    /// <summary>The prompt of a conversation; empty when the reader has an error.</summary>
    public ReadOnlyMemory<byte> Render(MemberReader reader, Translation translation, Conversation conversation)
    {
        var prompt = new ArrayBufferWriter<byte>();
        try
        {
            translation.Format.Render(conversation, prompt);
        }
        catch (PromptException exception)
        {
            Fail(reader, translation, exception, "messages");
        }

        return reader.Error is null ? prompt.WrittenMemory : default;
    }

    /// <summary>The prompt of a legacy completion; empty when the reader has an error.</summary>
    public ReadOnlyMemory<byte> RenderCompletion(
        MemberReader reader, Translation translation, string text, string path)
    {
        var prompt = new ArrayBufferWriter<byte>();
        try
        {
            if (!translation.Format.TryRenderCompletion(text, translation.BackendAddsBos, prompt))
            {
                FailCompletions(reader, translation);
            }
        }
        catch (PromptException exception)
        {
            Fail(reader, translation, exception, path);
        }

        return reader.Error is null ? prompt.WrittenMemory : default;
    }

    /// <summary>The model is for chat only.</summary>
    public static void FailCompletions(MemberReader reader, Translation translation) => reader.Fail(
        "model",
        $"The model '{translation.Exchange.PublicName}' is not for completions. Send messages to chat/completions.",
        ErrorCause.UnsupportedOperation);

    private void Fail(MemberReader reader, Translation translation, PromptException exception, string path)
    {
        if (exception.IsRefusal)
        {
            reader.Fail(exception.Param ?? path, exception.Message);
            return;
        }

        var exchange = translation.Exchange;
        LogBroken(exchange.RequestId, exchange.PublicName, translation.Format.Name, exception.Message);
        reader.Fail(
            "model",
            $"The prompt format of the model '{exchange.PublicName}' failed on this request. The router's log has more under " +
            $"'{exchange.RequestId}'.",
            ErrorCause.PromptFormatFailed);
    }

    [LoggerMessage(
        2092, LogLevel.Error, "Request {RequestId} for the model {Model}: the prompt format {Format} failed: {Problem}")]
    private partial void LogBroken(string requestId, string model, string format, string problem);
}
