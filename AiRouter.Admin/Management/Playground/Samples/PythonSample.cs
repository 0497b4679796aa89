using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiRouter.Admin.Management.Playground.Samples;

/// <summary>A request as a program for OpenAI's Python library.</summary>
internal static class PythonSample
{
    // What the library's method has arguments for; it refuses others, which go into extra_body.
    private static readonly FrozenSet<string> Known = FrozenSet.ToFrozenSet(
    [
        "model", "messages", "temperature", "top_p", "max_completion_tokens", "max_tokens", "seed", "stop", "reasoning_effort",
        "response_format", "tools", "tool_choice", "parallel_tool_calls", "stream", "stream_options", "n", "logprobs", "top_logprobs",
        "frequency_penalty", "presence_penalty", "logit_bias", "user", "metadata", "store", "modalities", "audio", "prediction",
        "service_tier", "verbosity", "web_search_options",
    ], StringComparer.Ordinal);

    /// <summary>The program.</summary>
    public static string Of(ChatRequest request, string baseUrl)
    {
        var text = new StringBuilder();
        text.Append("import os\nfrom openai import OpenAI\n\n");
        text.Append("client = OpenAI(base_url=").Append(QuotedText.Of(baseUrl)).Append($", api_key=os.environ[\"{SampleKey.Variable}\"])\n\n");
        text.Append(request.Stream ? "stream" : "answer").Append(" = client.chat.completions.create(\n");
        var others = new JsonObject();
        foreach (var (name, value) in request.ToJson())
        {
            if (Known.Contains(name))
            {
                text.Append("    ").Append(name).Append('=').Append(Literal(value, 1)).Append(",\n");
            }
            else
            {
                others[name] = value?.DeepClone();
            }
        }

        if (others.Count > 0)
        {
            text.Append("    extra_body=").Append(Literal(others, 1)).Append(",\n");
        }

        text.Append(")\n");
        text.Append(request.Stream
            ? """
              for chunk in stream:
                  if chunk.choices and chunk.choices[0].delta.content:
                      print(chunk.choices[0].delta.content, end="", flush=True)

              """
            : "print(answer.choices[0].message.content)\n");
        return text.ToString();
    }

    private static string Literal(JsonNode? node, int depth)
    {
        var (inner, outer) = (new string(' ', (depth + 1) * 4), new string(' ', depth * 4));
        return node switch
        {
            null => "None",
            JsonObject { Count: 0 } => "{}",
            JsonArray { Count: 0 } => "[]",
            JsonObject members => "{\n" + string.Concat(members.Select(m => $"{inner}{QuotedText.Of(m.Key)}: {Literal(m.Value, depth + 1)},\n")) + outer + "}",
            JsonArray items => "[\n" + string.Concat(items.Select(i => $"{inner}{Literal(i, depth + 1)},\n")) + outer + "]",
            _ => node.GetValueKind() switch
            {
                JsonValueKind.True => "True",
                JsonValueKind.False => "False",
                JsonValueKind.String => QuotedText.Of(node.GetValue<string>()),
                _ => node.ToJsonString(),
            },
        };
    }
}
