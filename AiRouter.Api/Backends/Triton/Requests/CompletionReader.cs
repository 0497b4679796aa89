using System.Text.Json;
using AiRouter.Api.Streaming;
using AiRouter.Core.Configuration;
using AiRouter.Triton;

namespace AiRouter.Api.Backends.Triton.Requests;

/// <summary>Reads a legacy completion request; prompts go to the model as they are, or as the prompt format makes them.</summary>
internal sealed class CompletionReader(PromptRenderer renderer)
{
    /// <summary>The most choices of one request, all prompts together; each is a generation of its own.</summary>
    public const int MostChoices = 128;

    private const int MostLogProbs = 5;
    private const int MostBestOf = 20;

    /// <summary>The request; problems are in the reader.</summary>
    public TextRequest Read(MemberReader reader, Translation translation)
    {
        var prompts = ReadPrompts(reader, translation);
        var n = SamplingReader.ReadN(reader, translation);
        var stop = SamplingReader.ReadStop(reader);
        var echo = reader.Flag("echo") ?? false;
        var settings = WithLogProbs(SamplingReader.Read(reader, translation, stop, out var tokenLimit), reader, translation, echo);
        var guide = GuideReader.Fit(reader, translation, GuideReader.Read(reader, translation));
        ReadBestOf(reader, translation, n);
        SamplingReader.ReadRest(reader, translation);
        if (prompts.Count * n > MostChoices)
        {
            reader.Fail("prompt", $"Invalid 'prompt': at most {MostChoices} choices are made for one request.");
        }

        if (echo && prompts.Any(p => p.Tokens is not null))
        {
            // Token ids would have to be turned back into text, which only the model's tokenizer can do.
            SamplingReader.RejectOrDrop(reader, translation, "echo");
            echo = false;
        }

        return new TextRequest
        {
            Dialect = CompletionDialect.Instance,
            Prompts = prompts,
            N = n,
            Echo = echo,
            Stop = stop,
            EndTokens = translation.EndTokens,
            TokenLimit = tokenLimit,
            GuideParameter = guide?.Parameter,
            Settings = settings with { Guide = guide?.Guide },
        };
    }

    private List<Prompt> ReadPrompts(MemberReader reader, Translation translation)
    {
        switch (reader.Take("prompt"))
        {
            case null:
                reader.Fail("prompt", "Missing required parameter: 'prompt'.");
                return [];
            case { ValueKind: JsonValueKind.String } text:
                return [ReadText(reader, translation, text, "prompt")];
            case { ValueKind: JsonValueKind.Array } list when list.GetArrayLength() == 0:
                reader.Fail("prompt", "Invalid 'prompt': it is empty.");
                return [];
            case { ValueKind: JsonValueKind.Array } list when list[0].ValueKind == JsonValueKind.Number:
                return [ReadTokens(reader, translation, list, "prompt")];
            case { ValueKind: JsonValueKind.Array } list:
                return ReadList(reader, translation, list);
            case { } other:
                reader.FailType("prompt", "a string or a list", other);
                return [];
        }
    }

    private List<Prompt> ReadList(MemberReader reader, Translation translation, JsonElement list)
    {
        var prompts = new List<Prompt>(list.GetArrayLength());
        foreach (var item in list.EnumerateArray())
        {
            var path = $"prompt[{prompts.Count}]";
            switch (item.ValueKind)
            {
                case JsonValueKind.String:
                    prompts.Add(ReadText(reader, translation, item, path));
                    break;
                case JsonValueKind.Array when item.GetArrayLength() > 0:
                    prompts.Add(ReadTokens(reader, translation, item, path));
                    break;
                case JsonValueKind.Array:
                    reader.Fail(path, $"Invalid '{path}': it is empty.");
                    break;
                default:
                    reader.FailType(path, "a string or a list of token ids", item);
                    break;
            }

            if (reader.Error is not null)
            {
                return [];
            }
        }

        return prompts;
    }

    private Prompt ReadText(MemberReader reader, Translation translation, JsonElement text, string path)
    {
        var sent = text.GetString()!;
        if (sent.Length == 0)
        {
            reader.Fail(path, $"Invalid '{path}': it is empty.");
        }

        return new Prompt(renderer.RenderCompletion(reader, translation, sent, path)) { Sent = sent };
    }

    private static Prompt ReadTokens(MemberReader reader, Translation translation, JsonElement list, string path)
    {
        if (translation.Model.Prompt.Completions == PromptConfig.NoCompletions)
        {
            PromptRenderer.FailCompletions(reader, translation);
        }

        return new Prompt(default, reader.TokenIds(path, list));
    }

    private static GenerationRequest WithLogProbs(
        GenerationRequest settings, MemberReader reader, Translation translation, bool echo)
    {
        if (reader.Integer("logprobs", 0, MostLogProbs) is not { } count)
        {
            return settings;
        }

        if (echo)
        {
            // Those of the prompt's tokens belong to it, and no model gives them.
            SamplingReader.RejectOrDrop(reader, translation, "logprobs");
            return settings;
        }

        return settings with { LogProbs = true, TopLogProbs = count == 0 ? null : count };
    }

    private static void ReadBestOf(MemberReader reader, Translation translation, int n)
    {
        if (reader.Integer("best_of", 0, MostBestOf) is not { } bestOf || bestOf is 0 or 1 || bestOf == n)
        {
            return;
        }

        if (bestOf < n)
        {
            reader.Fail("best_of", "Invalid 'best_of': it must not be less than 'n'.");
            return;
        }

        SamplingReader.RejectOrDrop(reader, translation, "best_of");
    }
}
