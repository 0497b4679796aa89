using AiRouter.Admin.Components.PromptFormats;

namespace AiRouter.Tests.Components.PromptFormats;

/// <summary>What is edited becomes what is asked for, and JSON and fields become each other.</summary>
public sealed class PreviewFormTests
{
    [Fact]
    public void Fields_become_a_request()
    {
        var form = new PreviewForm { Tools = PreviewForm.ExampleTools, Thinking = false, AddGenerationPrompt = false, Neutralize = true };
        form.Messages.RemoveAt(0);
        form.Messages[0].Content = "Hi";

        var asked = form.ToRequest("qwen3", null, null, ["messages", "enable_thinking"]).Value!;

        Assert.Equal(("qwen3", null, null, true), (asked.Format, asked.Template, asked.Model, asked.Prompt!.NeutralizeSpecialTokens));
        Assert.Equal("""[{"role":"user","content":"Hi"}]""", asked.Request!["messages"]!.ToJsonString());
        Assert.Equal("""{"enable_thinking":false}""", asked.Request["chat_template_kwargs"]!.ToJsonString());
        Assert.Equal("get_weather", (string?)asked.Request["tools"]![0]!["function"]!["name"]);
        Assert.False((bool)asked.Request["add_generation_prompt"]!);
    }

    [Fact]
    public void Models_settings_count_and_not_the_forms()
    {
        var asked = new PreviewForm { Neutralize = true, Bos = "<s>" }.ToRequest("qwen3", null, "m", []).Value!;

        Assert.Equal((null, null, "m", null), (asked.Format, asked.Template, asked.Model, asked.Prompt));
    }

    [Fact]
    public void Tokens_are_those_of_a_pasted_template_only()
    {
        var form = new PreviewForm { Bos = "<s>", Eos = "</s>" };

        Assert.Equal(("<s>", "</s>"), (form.ToRequest(null, "x", null, []).Value!.Prompt!.Bos, form.ToRequest(null, "x", null, []).Value!.Prompt!.Eos));
        Assert.Null(form.ToRequest("llama3", null, null, []).Value!.Prompt!.Bos);
    }

    [Theory]
    [InlineData("[1,\n x]", null, "The tools: this is not JSON. Look at line 2")]
    [InlineData("{}", null, "The tools must be a list")]
    [InlineData("", "{\"messages\":[],\n\"messages\":[]}", "The conversation:")]
    [InlineData("", "[]", "The conversation must be an object")]
    public void What_is_no_JSON_is_told_with_its_line(string tools, string? json, string problem)
    {
        var failure = new PreviewForm { Tools = tools, Json = json }.ToRequest("x", null, null, []).Failure!;

        Assert.StartsWith(problem, failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Fields_and_JSON_become_each_other()
    {
        var form = new PreviewForm { Tools = PreviewForm.ExampleTools, Thinking = true, AddGenerationPrompt = false };
        string[] variables = ["thinking"];
        var before = form.ToRequest("x", null, null, variables).Value!.Request!.ToJsonString();

        form.Json = form.ToJson(variables);
        (form.Tools, form.Thinking, form.AddGenerationPrompt) = ("", null, true);
        form.Messages.Clear();

        Assert.Equal(before, form.ToRequest("x", null, null, variables).Value!.Request!.ToJsonString());
        Assert.Null(form.TakeJson());
        Assert.Null(form.Json);
        Assert.Equal(before, form.ToRequest("x", null, null, variables).Value!.Request!.ToJsonString());
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"a"},{"role":"assistant","tool_calls":[]}]}""", "messages[1]")]
    [InlineData("""{"messages":[{"role":"user","content":[]}]}""", "messages[0]")]
    [InlineData("""{"messages":[],"documents":[]}""", "documents")]
    [InlineData("""{"messages":[],"chat_template_kwargs":{"x":1}}""", "chat_template_kwargs")]
    [InlineData("nonsense", "what is no JSON object")]
    public void What_fields_cannot_hold_stays_JSON(string json, string held)
    {
        var form = new PreviewForm { Json = json };

        Assert.Equal(held, form.TakeJson());
        Assert.Equal(json, form.Json);
    }
}
