using System.Buffers;
using System.Text.Json;
using AiRouter.Api.Backends.Triton.Requests;
using AiRouter.Api.Errors;
using AiRouter.Core.Configuration;
using AiRouter.Core.Json;
using AiRouter.Prompting.Formats;

namespace AiRouter.Api.Backends.Triton.Transcriptions;

/// <summary>
/// Makes the prefix of a transcript: <see cref="WhisperPrefix"/>'s, or what the model's prompt format makes of the variables
/// <c>language</c>, <c>task</c> and <c>prompt</c>, for models that were trained on another one.
/// </summary>
internal sealed partial class PrefixRenderer(ILogger<PrefixRenderer> logger)
{
    private static readonly string Standard = new ModelConfig().PromptFormat;

    /// <summary>The prefix, UTF-8; empty when there is an error.</summary>
    public ReadOnlyMemory<byte> Of(TranscriptionOrder order, Translation translation, out ApiError? error)
    {
        error = null;
        if ((translation.Target.PromptFormat ?? translation.Model.PromptFormat) == Standard)
        {
            return WhisperPrefix.Of(order);
        }

        var prefix = new ArrayBufferWriter<byte>();
        try
        {
            translation.Format.Render(ConversationOf(order), prefix);
            return prefix.WrittenMemory;
        }
        catch (PromptException exception) when (exception.IsRefusal)
        {
            error = new ApiError(ErrorCause.InvalidRequest, exception.Message, exception.Param);
        }
        catch (PromptException exception)
        {
            var exchange = translation.Exchange;
            LogBroken(exchange.RequestId, exchange.PublicName, translation.Format.Name, exception.Message);
            error = new ApiError(
                ErrorCause.PromptFormatFailed,
                $"The prompt format of the model '{exchange.PublicName}' failed on this request. The router's log has more under " +
                $"'{exchange.RequestId}'.",
                "model");
        }

        return default;
    }

    private static Conversation ConversationOf(TranscriptionOrder order)
    {
        var prompt = order.Prompt is null ? null : WhisperPrefix.Harmless(order.Prompt.Trim());
        var variables = new Dictionary<string, JsonElement>(StringComparer.Ordinal)
        {
            ["task"] = JsonBytes.ElementOf(order.Translates ? "translate" : "transcribe"),
        };
        if (order.Language is not null)
        {
            variables["language"] = JsonBytes.ElementOf(order.Language);
        }

        if (prompt is not null)
        {
            variables["prompt"] = JsonBytes.ElementOf(prompt);
        }

        return new Conversation { Messages = [new ChatMessage(ChatRole.User, prompt ?? "")], Variables = variables };
    }

    [LoggerMessage(2091, LogLevel.Error, "Request {RequestId} for the model {Model}: the prompt format {Format} failed: {Problem}")]
    private partial void LogBroken(string requestId, string model, string format, string problem);
}
