using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Core.Configuration;
using AiRouter.Core.Json;

namespace AiRouter.Api.Streaming;

/// <summary>Puts chunks of chat or legacy completions together (<c>openai-api.md</c> §2.8); members that it does not know survive.</summary>
internal sealed class ChatAssembly(string operation) : IAnswerAssembly
{
    private const int MaxChoices = 128;

    private readonly JsonObject _answer = [];
    private readonly SortedDictionary<int, ChoiceAssembly> _choices = [];

    /// <summary>The backend has given figures.</summary>
    public bool HasUsage => _answer["usage"] is JsonObject;

    /// <inheritdoc/>
    public bool IsWhole => _choices.Count > 0 && _choices.Values.All(c => c.IsFinished);

    /// <inheritdoc/>
    public bool IsError(ReadOnlySpan<byte> data, in ChunkScan scan) => scan.HasError;

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<byte> data)
    {
        var chunk = JsonBytes.ReadObject(data);
        foreach (var (name, value) in chunk.ToList())
        {
            if (name == "choices")
            {
                AddChoices(value as JsonArray);
            }
            else if (value is not null && name != "obfuscation")
            {
                // The first chunk's id and time are the answer's; of figures and fingerprints the last one counts.
                chunk.Remove(name);
                if (!_answer.ContainsKey(name) || name is not ("id" or "created" or "model"))
                {
                    _answer[name] = value;
                }
            }
        }
    }

    /// <summary>Figures from elsewhere, as JSON.</summary>
    public void SetUsage(ReadOnlySpan<byte> usage) => _answer["usage"] = JsonNode.Parse(usage);

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> ToJson()
    {
        _answer["object"] = operation == Operations.Completions ? "text_completion" : "chat.completion";
        _answer["choices"] = new JsonArray([.. _choices.Values.Select(c => c.ToJson())]);
        return JsonBytes.RelaxedOf(_answer);
    }

    private void AddChoices(JsonArray? choices)
    {
        foreach (var choice in choices?.OfType<JsonObject>() ?? [])
        {
            var index = choice["index"]?.GetValueKind() == JsonValueKind.Number ? (int)choice["index"]! : 0;
            if (!_choices.TryGetValue(index, out var assembly))
            {
                if (_choices.Count == MaxChoices)
                {
                    throw new FormatException("There are more choices than a request can ask for.");
                }

                _choices[index] = assembly = new ChoiceAssembly(index, isChat: operation != Operations.Completions);
            }

            assembly.Add(choice);
        }
    }
}
