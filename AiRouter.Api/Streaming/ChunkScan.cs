using System.Text.Json;
using AiRouter.Api.Requests;

namespace AiRouter.Api.Streaming;

/// <summary>
/// What one look at a chunk (or a whole answer) finds: where the members lie that the router changes, and how far the answer
/// is. Offsets only; nothing is decoded and nothing allocated.
/// </summary>
internal struct ChunkScan
{
    /// <summary>How deep a backend may nest.</summary>
    public const int MaxDepth = 128;

    /// <summary>It is a JSON object.</summary>
    public bool IsObject { get; private set; }

    /// <summary>Where the value of the top-level <c>model</c> lies (a string), or default.</summary>
    public JsonMember Model { get; private set; }

    /// <summary>Where <c>usage</c> lies.</summary>
    public JsonMember Usage { get; private set; }

    /// <summary>Where <c>error</c> lies.</summary>
    public JsonMember Error { get; private set; }

    /// <summary>Where <c>response</c> lies (events of the Responses API).</summary>
    public JsonMember Response { get; private set; }

    /// <summary>Where <c>choices</c> lies.</summary>
    public JsonMember Choices { get; private set; }

    /// <summary>Where <c>id</c> lies.</summary>
    public JsonMember Id { get; private set; }

    /// <summary>Where <c>type</c> lies.</summary>
    public JsonMember Type { get; private set; }

    /// <summary>Where <c>created</c> lies.</summary>
    public JsonMember Created { get; private set; }

    /// <summary>Where <c>sequence_number</c> lies (events of the Responses API).</summary>
    public JsonMember Sequence { get; private set; }

    /// <summary>How <c>usage</c> is cut out: with the comma before it, or behind it when it comes first.</summary>
    public (int Start, int Length) UsageCut { get; private set; }

    /// <summary>Whether it has one of the members that every answer has beside <c>error</c>.</summary>
    public bool HasAnswer { get; private set; }

    /// <summary>Choices in it, by index (127 and above count as 127).</summary>
    public UInt128 SeenChoices { get; private set; }

    /// <summary>Choices that end in it.</summary>
    public UInt128 FinishedChoices { get; private set; }

    /// <summary>How many choices it has.</summary>
    public int ChoiceCount { get; private set; }

    /// <summary>Bytes of generated text in it, for an estimate of its tokens.</summary>
    public int TextBytes { get; private set; }

    /// <summary>How many strings of generated text it has.</summary>
    public int TextCount { get; private set; }

    /// <summary>Where the inside of the last of them begins.</summary>
    public int TextStart { get; private set; }

    /// <summary>A chunk that is there for the usage alone.</summary>
    public readonly bool IsUsageOnly => ChoiceCount == 0 && !Usage.IsNull;

    /// <summary>It describes an error, whatever else it has; chunks of a stream have none otherwise.</summary>
    public readonly bool HasError => Error.Type is JsonTokenType.StartObject or JsonTokenType.String && Error.ValueLength > 2;

    /// <summary>It says that something failed, and is no answer.</summary>
    public readonly bool IsError => !Error.IsNull && !HasAnswer;

    /// <summary>Looks at <paramref name="json"/>; false when it is not JSON.</summary>
    public static bool TryRead(ReadOnlySpan<byte> json, out ChunkScan scan)
    {
        scan = default;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            if (!reader.Read())
            {
                return false;
            }

            if (reader.TokenType == JsonTokenType.StartObject)
            {
                scan.IsObject = true;
                scan.ReadMembers(ref reader);
            }
            else
            {
                reader.Skip();
            }

            reader.Read();
            return true;
        }
        catch (JsonException)
        {
            // Not JSON is an answer, not an accident: the caller decides what it means.
            return false;
        }
    }

    private void ReadMembers(ref Utf8JsonReader reader)
    {
        var previousEnd = -1;
        var cutTo = -1;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var nameStart = (int)reader.TokenStartIndex;
            var nameLength = reader.ValueSpan.Length + 2;
            if (cutTo == 0)
            {
                UsageCut = (UsageCut.Start, nameStart - UsageCut.Start);
                cutTo = 1;
            }

            var name = Name(ref reader);
            reader.Read();
            var type = reader.TokenType;
            var start = (int)reader.TokenStartIndex;
            if (name == Known.Choices && type == JsonTokenType.StartArray)
            {
                ReadChoices(ref reader);
            }
            else
            {
                reader.Skip();
            }

            var end = (int)reader.BytesConsumed;
            Keep(name, new JsonMember(nameStart, nameLength, start, end - start, type));
            if (name == Known.Usage)
            {
                UsageCut = previousEnd < 0 ? (nameStart, end - nameStart) : (previousEnd, end - previousEnd);
                cutTo = previousEnd < 0 ? 0 : 1;
            }

            previousEnd = end;
        }
    }

    private static Known Name(ref Utf8JsonReader reader)
    {
        var name = reader.ValueSpan;
        return name.Length switch
        {
            2 when name.SequenceEqual("id"u8) => Known.Id,
            4 when name.SequenceEqual("data"u8) => Known.Answer,
            4 when name.SequenceEqual("type"u8) => Known.Type,
            5 when name.SequenceEqual("model"u8) => Known.Model,
            5 when name.SequenceEqual("usage"u8) => Known.Usage,
            5 when name.SequenceEqual("error"u8) => Known.Error,
            6 when name.SequenceEqual("output"u8) => Known.Answer,
            7 when name.SequenceEqual("choices"u8) => Known.Choices,
            7 when name.SequenceEqual("created"u8) => Known.Created,
            8 when name.SequenceEqual("response"u8) => Known.Response,
            15 when name.SequenceEqual("sequence_number"u8) => Known.Sequence,
            > 8 when reader.ValueIsEscaped && JsonName.Is(ref reader, "model"u8) => Known.Model,
            _ => Known.None,
        };
    }

    private void Keep(Known name, JsonMember member)
    {
        switch (name)
        {
            case Known.Id: Id = member; break;
            case Known.Type: Type = member; break;
            case Known.Model: Model = member; break;
            case Known.Usage: Usage = member; break;
            case Known.Error: Error = member; break;
            case Known.Sequence: Sequence = member; break;
            case Known.Created: Created = member; break;
            case Known.Response: Response = member; break;
            case Known.Choices: Choices = member; HasAnswer |= !member.IsNull; break;
            case Known.Answer: HasAnswer |= !member.IsNull; break;
        }
    }

    private void ReadChoices(ref Utf8JsonReader reader)
    {
        var depth = reader.CurrentDepth;
        while (reader.Read() && !(reader.TokenType == JsonTokenType.EndArray && reader.CurrentDepth == depth))
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                ChoiceCount++;
                ReadChoice(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private void ReadChoice(ref Utf8JsonReader reader)
    {
        var depth = reader.CurrentDepth;
        var index = 0;
        var finished = false;
        while (reader.Read() && !(reader.TokenType == JsonTokenType.EndObject && reader.CurrentDepth == depth))
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            var isTop = reader.CurrentDepth == depth + 1;
            if (isTop && JsonName.Is(ref reader, "index"u8))
            {
                reader.Read();
                index = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var i) ? Math.Clamp(i, 0, 127) : 0;
            }
            else if (isTop && JsonName.Is(ref reader, "finish_reason"u8))
            {
                reader.Read();
                finished = reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length > 0;
            }
            else if (isTop && JsonName.Is(ref reader, "logprobs"u8))
            {
                reader.Skip();
            }
            else if (IsText(ref reader))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.String)
                {
                    TextBytes += reader.ValueSpan.Length;
                    TextStart = (int)reader.TokenStartIndex + 1;
                    TextCount++;
                }
            }
        }

        var bit = UInt128.One << index;
        SeenChoices |= bit;
        FinishedChoices |= finished ? bit : 0;
    }

    private static bool IsText(ref Utf8JsonReader reader) =>
        JsonName.Is(ref reader, "content"u8) || JsonName.Is(ref reader, "text"u8) || JsonName.Is(ref reader, "arguments"u8) ||
        JsonName.Is(ref reader, "reasoning_content"u8) || JsonName.Is(ref reader, "reasoning"u8) ||
        JsonName.Is(ref reader, "refusal"u8) || JsonName.Is(ref reader, "name"u8);

    private enum Known
    {
        None,
        Id,
        Type,
        Model,
        Usage,
        Error,
        Choices,
        Created,
        Sequence,
        Response,
        Answer,
    }
}
