using System.Collections.Frozen;
using System.Text.Json;
using AiRouter.Core.Configuration;
using AiRouter.Prompting.Formats;

namespace AiRouter.Api.Backends.Triton.Requests;

/// <summary>What a chat request's prompt is made of, and the images that go to the model beside it.</summary>
internal sealed record RequestConversation(Conversation Conversation, IReadOnlyList<ReadOnlyMemory<byte>> Images);

/// <summary>Reads everything of a chat request that its prompt is made of, but its tools.</summary>
internal static class ConversationReader
{
    /// <summary>
    /// Parameters that templates read under their own name, as clients of vLLM and of Hugging Face's servers send them. To a
    /// template that does not read one it is a parameter like any other. They say more exactly what <see cref="ThinkingReader"/> reads,
    /// and so they count before it.
    /// </summary>
    private static readonly string[] Passed = ["enable_thinking", "thinking", "thinking_budget", "verbosity"];

    /// <summary>What a request says in members of its own, or the configuration does.</summary>
    private static readonly FrozenSet<string> Reserved = FrozenSet.ToFrozenSet(
        ["messages", "tools", "documents", "add_generation_prompt", "continue_final_message", "chat_template", "tokenize",
            "bos_token", "eos_token"],
        StringComparer.Ordinal);

    /// <summary>The conversation; problems are in the reader.</summary>
    /// <param name="reader">The request.</param>
    /// <param name="translation">Who answers.</param>
    public static RequestConversation Read(MemberReader reader, Translation translation)
    {
        var format = translation.Format;
        var takesImages = format.Traits.TakesImages && translation.CanTakeImages;
        var read = MessageReader.Read(reader, translation, takesImages);
        var variables = ReadVariables(reader, translation, format);
        var conversation = new Conversation
        {
            Messages = translation.Model.MessageRepair == MessageRepair.Merge ? MessageMerge.Apply(read.Messages) : read.Messages,
            Documents = ReadDocuments(reader, translation, format),
            Variables = variables,
            AddGenerationPrompt = reader.Flag("add_generation_prompt"),
            ContinueFinalMessage = reader.Flag("continue_final_message"),
            BackendAddsBos = translation.BackendAddsBos,
        };
        return new RequestConversation(conversation, read.Images);
    }

    private static Dictionary<string, JsonElement> ReadVariables(
        MemberReader reader, Translation translation, IPromptFormat format)
    {
        var variables = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        ThinkingReader.Read(reader, format.Traits, variables);
        foreach (var name in Passed)
        {
            if (format.Traits.Names.Contains(name) && reader.Take(name) is { } value)
            {
                variables[name] = value;
            }
        }

        if (format.Traits.Names.Count == 0)
        {
            return variables;
        }

        switch (reader.Take("chat_template_kwargs"))
        {
            case null:
                break;
            case { ValueKind: JsonValueKind.Object } given:
                foreach (var property in given.EnumerateObject())
                {
                    Add(property);
                }

                break;
            case { } other:
                reader.FailType("chat_template_kwargs", "an object", other);
                break;
        }

        return variables;

        void Add(JsonProperty property)
        {
            var path = $"chat_template_kwargs.{property.Name}";
            if (Reserved.Contains(property.Name))
            {
                reader.Fail(path, $"Invalid '{path}': this variable of the template is not the client's to set here.");
            }
            else if (format.Traits.Names.Contains(property.Name))
            {
                variables[property.Name] = property.Value;
            }
            else
            {
                // The template would not notice it (R11).
                SamplingReader.RejectOrDrop(reader, translation, path);
            }
        }
    }

    private static JsonElement? ReadDocuments(MemberReader reader, Translation translation, IPromptFormat format)
    {
        if (reader.Take("documents") is not { } documents)
        {
            return null;
        }

        if (documents.ValueKind != JsonValueKind.Array)
        {
            reader.FailType("documents", "an array", documents);
            return null;
        }

        if (documents.GetArrayLength() == 0)
        {
            return null;
        }

        if (!format.Traits.Names.Contains("documents"))
        {
            // The model would answer as if there were none.
            SamplingReader.RejectOrDrop(reader, translation, "documents");
            return null;
        }

        return documents;
    }
}
