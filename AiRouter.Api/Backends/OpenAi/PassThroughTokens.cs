using System.Buffers;
using System.Text;
using System.Text.Json;
using AiRouter.Api.Backends.Triton.Requests;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;
using AiRouter.Api.Routing;
using AiRouter.Core.Configuration;
using AiRouter.Core.Configuration.Assets;
using AiRouter.Prompting.Formats;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>
/// Counts the input of requests that pass through, where the configuration names the model's tokenizer, and for chat its
/// prompt format too: what does not fit is refused (R17). The request itself goes on byte for byte.
/// </summary>
internal static class PassThroughTokens
{
    /// <summary>Members that change the prompt in ways that only the backend knows.</summary>
    private static readonly string[] Unknowable =
    [
        "chat_template", "truncate_prompt_tokens", "truncate", "prompt_embeds", "suffix", "mm_processor_kwargs", "instruction",
        "prompt_name",
    ];

    /// <summary>Prepares the count, and refuses what is too long. Costs nothing where no tokenizer is named.</summary>
    public static ApiError? Check(Exchange exchange, TargetModel target)
    {
        if (exchange.Model?.Model is not { Tokenizer: { } tokenizer, Config: var model } ||
            exchange.Body is not JsonBody ||

            // What a server makes of a message before its template renders it is its own.
            exchange.Operation.Dialect == StreamDialect.Messages ||
            exchange.Operation.Name is not (Operations.Chat or Operations.Completions or Operations.Embeddings))
        {
            return null;
        }

        int? asked = null;
        exchange.Input = new InputCount(() => Count(exchange, target, tokenizer, out asked));
        return exchange.Operation.CountsOnly || !ContextLimits.Has(model) ? null : exchange.Input.Parts?
            .Select(part => ContextLimits.Check(exchange, part.Tokens, asked, part.Param))
            .FirstOrDefault(error => error is not null);
    }

    private static List<InputPart>? Count(Exchange exchange, TargetModel target, ITokenCounter tokenizer, out int? asked)
    {
        asked = null;
        var translation = new Translation(exchange, target, serving: null);
        using var members = RequestMembers.Read(translation, out _);
        if (members is null || Unknowable.Any(name => members.ByName.GetValueOrDefault(name).ValueKind is
            not (JsonValueKind.Undefined or JsonValueKind.Null)))
        {
            return null;
        }

        var reader = new MemberReader(members.ByName);
        foreach (var name in ModelLimits.TokenLimits(exchange.Operation))
        {
            asked ??= reader.Integer(name, 1);
        }

        var counter = new PartCounter(tokenizer, AddsSpecialTokens(translation, members.ByName));
        var parts = exchange.Operation.Name switch
        {
            Operations.Chat => CountChat(reader, translation, target, counter, members.ByName.GetValueOrDefault("tools")),
            Operations.Completions => counter.CountList("prompt", reader.Take("prompt")),
            _ => counter.CountList("input", reader.Take("input")),
        };

        // What is left out of the count here is not left out of the request.
        return reader.Error is null && !translation.Unsupported.IsAny ? parts : null;
    }

    /// <summary>Servers add them to a prompt that is a text, and leave them out where a template has made it (R15).</summary>
    private static bool AddsSpecialTokens(Translation translation, Dictionary<string, JsonElement> members) =>
        members.GetValueOrDefault("add_special_tokens") switch
        {
            { ValueKind: JsonValueKind.True } => true,
            { ValueKind: JsonValueKind.False } => false,
            _ => (translation.Target.BosMode ?? translation.Model.Prompt.BosMode) switch
            {
                BosMode.Backend => true,
                BosMode.Template => false,
                _ => translation.Exchange.Operation.Name != Operations.Chat,
            },
        };

    private static List<InputPart>? CountChat(
        MemberReader reader, Translation translation, TargetModel target, PartCounter counter, JsonElement given)
    {
        if (!HasOwnFormat(translation))
        {
            return null;
        }

        var tools = ToolReader.Read(reader, translation);
        var (conversation, _) = ConversationReader.Read(reader, translation);
        if (reader.Error is not null || target.Format is not IPromptFormat format || Hides(tools, given))
        {
            return null;
        }

        var prompt = new ArrayBufferWriter<byte>();
        try
        {
            format.Render(conversation with { Tools = tools.Shown }, prompt);
        }
        catch (PromptException)
        {
            // The backend will say so itself, or takes what this template does not.
            return null;
        }

        return counter.Count("messages", prompt.WrittenSpan) is { } part ? [part] : null;
    }

    /// <summary>Tools that must not be called are left out by some backends, and shown to the model all the same by others.</summary>
    private static bool Hides(ToolRequest shown, JsonElement given) =>
        given is { ValueKind: JsonValueKind.Array } all && all.GetArrayLength() > shown.Functions.Count;

    /// <summary>The default format is nobody's own: a backend that renders prompts itself does not use it.</summary>
    private static bool HasOwnFormat(Translation translation) =>
        (translation.Target.PromptFormat ?? translation.Model.PromptFormat) != new ModelConfig().PromptFormat;

    private readonly struct PartCounter(ITokenCounter tokenizer, bool addSpecialTokens)
    {
        public InputPart? Count(string param, ReadOnlySpan<byte> text) =>
            tokenizer.TryCount(text, addSpecialTokens) is { } tokens ? new InputPart(param, tokens) : null;

        /// <summary>A text, token ids, or a list of either.</summary>
        public List<InputPart>? CountList(string param, JsonElement? value)
        {
            if (value is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() == 0 ||
                list[0].ValueKind == JsonValueKind.Number)
            {
                return value is { } one && CountOne(param, one) is { } only ? [only] : null;
            }

            var parts = new List<InputPart>(list.GetArrayLength());
            foreach (var item in list.EnumerateArray())
            {
                if (CountOne($"{param}[{parts.Count}]", item) is not { } part)
                {
                    return null;
                }

                parts.Add(part);
            }

            return parts;
        }

        private InputPart? CountOne(string param, JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.String => Count(param, Encoding.UTF8.GetBytes(value.GetString()!)),
            JsonValueKind.Array when value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Number) =>
                new InputPart(param, value.GetArrayLength()),
            _ => null,
        };
    }
}
