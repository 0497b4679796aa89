using System.Globalization;
using System.Text;

namespace AiRouter.Admin.Management.Playground.Samples;

/// <summary>A request as a program for OpenAI's .NET library (package <c>OpenAI</c>).</summary>
internal static class CSharpSample
{
    /// <summary>The program. What the library has no type for is sent as the JSON that it is.</summary>
    public static string Of(ChatRequest request, string baseUrl) =>
        request.More is { Count: > 0 } || request.ReasoningEffort is not null ? Raw(request, baseUrl) : Typed(request, baseUrl);

    private static string Typed(ChatRequest request, string baseUrl)
    {
        var text = Head(request, baseUrl, "using OpenAI;\nusing OpenAI.Chat;\n");
        text.Append("List<ChatMessage> messages =\n[\n");
        if (request.System.Length > 0)
        {
            text.Append("    new SystemChatMessage(").Append(QuotedText.Of(request.System)).Append("),\n");
        }

        foreach (var message in request.Messages)
        {
            text.Append("    ").Append(Message(message)).Append(",\n");
        }

        text.Append("];\n\n");
        if (request.Seed is not null)
        {
            text.Append("#pragma warning disable OPENAI001 // Seed is experimental in the library.\n");
        }

        text.Append("var options = new ChatCompletionOptions\n{\n");
        Option(text, "Temperature", Number(request.Temperature, "f"));
        Option(text, "TopP", Number(request.TopP, "f"));
        Option(text, "MaxOutputTokenCount", request.MaxTokens?.ToString(CultureInfo.InvariantCulture));
        Option(text, "Seed", request.Seed?.ToString(CultureInfo.InvariantCulture));
        Option(text, "ResponseFormat", Format(request));
        Option(text, "ToolChoice", request.Tools is null ? null : request.ToolChoice switch
        {
            "auto" => "ChatToolChoice.CreateAutoChoice()",
            "none" => "ChatToolChoice.CreateNoneChoice()",
            "required" => "ChatToolChoice.CreateRequiredChoice()",
            _ => null,
        });
        text.Append("};\n");
        foreach (var stop in request.Stop)
        {
            text.Append("options.StopSequences.Add(").Append(QuotedText.Of(stop)).Append(");\n");
        }

        foreach (var tool in request.Tools ?? [])
        {
            var function = tool?["function"];
            text.Append("options.Tools.Add(ChatTool.CreateFunctionTool(\n    ").Append(QuotedText.Of((string?)function?["name"] ?? "")).Append(",\n    ")
                .Append((string?)function?["description"] is { } what ? QuotedText.Of(what) : "null").Append(",\n    ")
                .Append("BinaryData.FromString(").Append(RawText(ChatRequest.Readable(function?["parameters"]))).Append(")));\n");
        }

        text.Append('\n').Append(request.Stream
            ? """
              await foreach (var update in client.CompleteChatStreamingAsync(messages, options))
              {
                  foreach (var part in update.ContentUpdate)
                  {
                      Console.Write(part.Text);
                  }
              }

              """
            : """
              ChatCompletion answer = await client.CompleteChatAsync(messages, options);
              Console.WriteLine(answer.Content[0].Text);

              """);
        return text.ToString();
    }

    private static string Raw(ChatRequest request, string baseUrl)
    {
        var text = Head(request, baseUrl, "using OpenAI;\nusing OpenAI.Chat;\nusing System.Text.Json.Nodes;\n");
        text.Append("// Sent as it is, because the library has no type for all of it.\nvar body = BinaryContent.Create(BinaryData.FromString(")
            .Append(RawText(ChatRequest.Readable((request with { Stream = false }).ToJson()))).Append("));\n")
            .Append("var result = await client.CompleteChatAsync(body);\n")
            .Append("var answer = JsonNode.Parse(result.GetRawResponse().Content.ToString())!;\n")
            .Append("Console.WriteLine(answer[\"choices\"]![0]![\"message\"]![\"content\"]);\n");
        return text.ToString();
    }

    private static StringBuilder Head(ChatRequest request, string baseUrl, string usings) => new StringBuilder()
        .Append("using System.ClientModel;\n").Append(usings).Append('\n')
        .Append("var client = new ChatClient(\n    ").Append(QuotedText.Of(request.Model)).Append(",\n")
        .Append("    new ApiKeyCredential(Environment.GetEnvironmentVariable(\"").Append(SampleKey.Variable).Append("\")!),\n")
        .Append("    new OpenAIClientOptions { Endpoint = new Uri(").Append(QuotedText.Of(baseUrl)).Append(") });\n\n");

    private static string Message(ChatMessage message) => message.Role switch
    {
        ChatRole.User => $"new UserChatMessage({QuotedText.Of(message.Text)})",
        ChatRole.Tool => $"new ToolChatMessage({QuotedText.Of(message.ToolCallId ?? "")}, {QuotedText.Of(message.Text)})",
        _ when message.ToolCalls.Count == 0 => $"new AssistantChatMessage({QuotedText.Of(message.Text)})",
        _ => "new AssistantChatMessage(new List<ChatToolCall>\n    {\n" + string.Concat(message.ToolCalls.Select(static c =>
            $"        ChatToolCall.CreateFunctionToolCall({QuotedText.Of(c.Id)}, {QuotedText.Of(c.Name)}, BinaryData.FromString({RawText(c.Arguments)})),\n")) + "    })",
    };

    private static string? Format(ChatRequest request) => (string?)request.ResponseFormat?["type"] switch
    {
        "json_object" => "ChatResponseFormat.CreateJsonObjectFormat()",
        "json_schema" => "ChatResponseFormat.CreateJsonSchemaFormat(\n        " +
            QuotedText.Of((string?)request.ResponseFormat["json_schema"]?["name"] ?? "answer") + ",\n        BinaryData.FromString(" +
            RawText(ChatRequest.Readable(request.ResponseFormat["json_schema"]?["schema"])) + "))",
        _ => null,
    };

    private static void Option(StringBuilder text, string name, string? value)
    {
        if (value is not null)
        {
            text.Append("    ").Append(name).Append(" = ").Append(value).Append(",\n");
        }
    }

    private static string? Number(double? value, string suffix) => value?.ToString("0.0###############", CultureInfo.InvariantCulture) + (value is null ? null : suffix);

    // As many quotes as none of the text's runs has.
    private static string RawText(string text)
    {
        var quotes = new string('"', 3);
        while (text.Contains(quotes, StringComparison.Ordinal))
        {
            quotes += '"';
        }

        return $"{quotes}\n{text.ReplaceLineEndings("\n")}\n{quotes}";
    }
}
