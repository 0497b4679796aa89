using System.Text.Json;
using static AiRouter.Tests.EndToEnd.TritonRouter;

namespace AiRouter.Tests.EndToEnd;

public sealed class TritonParameterTests
{
    private const string Path = "chat/completions";

    [Theory]
    [InlineData("temperature", "\"1\"")]
    [InlineData("temperature", "2.1")]
    [InlineData("temperature", "1e400")]
    [InlineData("top_p", "-0.1")]
    [InlineData("top_k", "-2")]
    [InlineData("top_k", "1.5")]
    [InlineData("min_p", "2")]
    [InlineData("presence_penalty", "3")]
    [InlineData("frequency_penalty", "-3")]
    [InlineData("repetition_penalty", "0")]
    [InlineData("length_penalty", "\"x\"")]
    [InlineData("min_tokens", "-1")]
    [InlineData("min_tokens", "5000")]
    [InlineData("max_tokens", "0")]
    [InlineData("max_completion_tokens", "\"5\"")]
    [InlineData("seed", "\"x\"")]
    [InlineData("ignore_eos", "1")]
    [InlineData("skip_special_tokens", "0")]
    [InlineData("stop_token_ids[1]", "[1,-1]", "stop_token_ids")]
    [InlineData("bad_words[0]", "[\"\"]", "bad_words")]
    [InlineData("stop", "\"\"")]
    [InlineData("stop[1]", "[\"a\",\"\"]", "stop")]
    [InlineData("stop[0]", "[1]", "stop")]
    [InlineData("stop", "[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\",\"11\",\"12\",\"13\",\"14\",\"15\",\"16\",\"17\"]")]
    [InlineData("logit_bias", "{\"1\":101}")]
    [InlineData("logit_bias", "{\"x\":1}")]
    [InlineData("logprobs", "1")]
    [InlineData("top_logprobs", "21")]
    [InlineData("top_logprobs", "3")]
    [InlineData("n", "\"2\"")]
    public async Task Wrong_value_is_400_with_its_path(string param, string value, string? name = null)
    {
        await using var router = await StartAsync();
        var error = await router.ErrorAsync(Path, Chat("x", $"\"{name ?? param}\":{value}", "vllm"));

        Assert.Equal((400, param), (error.Status, error.Param));
        Assert.Empty(router.Sent);
    }

    [Fact]
    public async Task R16_stop_text_over_one_KiB_is_400()
    {
        await using var router = await StartAsync();
        var error = await router.ErrorAsync(Path, Chat("x", $"\"stop\":\"{new string('s', 1025)}\""));

        Assert.Equal((400, "stop"), (error.Status, error.Param));
    }

    [Theory]
    [InlineData("""[{"role":"king","content":"x"}]""", "messages[0].role")]
    [InlineData("""[{"content":"x"}]""", "messages[0].role")]
    [InlineData("""[{"role":1,"content":"x"}]""", "messages[0].role")]
    [InlineData("""["x"]""", "messages[0]")]
    [InlineData("""[{"role":"user"}]""", "messages[0].content")]
    [InlineData("""[{"role":"user","content":null}]""", "messages[0].content")]
    [InlineData("""[{"role":"user","content":5}]""", "messages[0].content")]
    [InlineData("""[{"role":"user","content":[]}]""", "messages[0].content")]
    [InlineData("""[{"role":"user","content":[{"type":"text"}]}]""", "messages[0].content[0].text")]
    [InlineData("""[{"role":"user","content":[{"text":"x"}]}]""", "messages[0].content[0].type")]
    [InlineData("""[{"role":"user","content":[{"type":"video"}]}]""", "messages[0].content[0].type")]
    [InlineData("""[{"role":"user","content":"x","name":1}]""", "messages[0].name")]
    [InlineData("[]", "messages")]
    [InlineData("null", "messages")]
    [InlineData("\"x\"", "messages")]
    public async Task Wrong_messages_are_400_with_their_path(string messages, string param)
    {
        await using var router = await StartAsync();
        var error = await router.ErrorAsync(Path, $$"""{"model":"chat","messages":{{messages}}}""");

        Assert.Equal((400, param, null), (error.Status, error.Param, error.Code));
    }

    [Theory]
    [InlineData("image_url", """{"type":"image_url","image_url":{"url":"data:"}}""")]
    [InlineData("input_audio", """{"type":"input_audio","input_audio":{"data":"","format":"wav"}}""")]
    [InlineData("file", """{"type":"file","file":{"file_id":"x"}}""")]
    public async Task Content_that_is_not_text_is_400_that_names_the_part_even_where_parameters_are_dropped(string kind, string part)
    {
        await using var router = await StartAsync(
            "  lax: { targets: [ { backend: gpu, model: ensemble } ], unsupportedParameters: drop }");
        foreach (var model in (string[])["chat", "lax"])
        {
            var error = await router.ErrorAsync(
                Path, $$"""{"model":"{{model}}","messages":[{"role":"user","content":[{"type":"text","text":"{{kind}}"},{{part}}]}]}""");

            Assert.Equal((400, "messages[0].content[1]", "unsupported_parameter"), (error.Status, error.Param, error.Code));
        }
    }

    [Theory]
    [InlineData("tools", "[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]")]
    [InlineData("functions", "[{\"name\":\"f\"}]")]
    [InlineData("modalities", "[\"text\",\"audio\"]")]
    [InlineData("audio", "{\"voice\":\"a\"}")]
    [InlineData("reasoning_effort", "\"high\"")]
    [InlineData("web_search_options", "{\"a\":1}")]
    [InlineData("best_of", "2")]
    [InlineData("chat_template_kwargs", "{\"a\":1}")]
    [InlineData("something_new", "7")]
    [InlineData("min_p", "0.5")]
    [InlineData("logprobs", "true")]
    [InlineData("logit_bias", "{\"5\":1}")]
    [InlineData("stop_token_ids", "[5]")]
    public async Task R11_what_the_model_cannot_do_is_400_that_names_it_or_dropped_and_named(string name, string value)
    {
        await using var router = await StartAsync(
            "  lax: { targets: [ { backend: gpu, model: ensemble } ], unsupportedParameters: drop }");
        var error = await router.ErrorAsync(Path, Chat("[[say:x]]", $"\"{name}\":{value}"));
        var dropped = await router.RawAsync(Path, Chat("[[say:x]]", $"\"{name}\":{value}", "lax"));

        Assert.Equal((400, name, "unsupported_parameter"), (error.Status, error.Param, error.Code));
        Assert.Equal(200, dropped.Status);
        Assert.Equal(name, dropped.Header("x-airouter-dropped"));
    }

    [Theory]
    [InlineData("generic")]
    [InlineData("chat")]
    [InlineData("vllm")]
    public async Task R11_neutral_values_and_parameters_without_effect_pass_everywhere(string model)
    {
        await using var router = await StartAsync();
        var response = await router.RawAsync(Path, Chat("[[say:x]]",
            """
            "n":1, "temperature":1, "top_p":1, "top_k":-1, "min_p":0, "presence_penalty":0, "frequency_penalty":0.0,
            "repetition_penalty":1, "length_penalty":1, "min_tokens":0, "ignore_eos":false, "skip_special_tokens":true,
            "stop":null, "stop_token_ids":[], "bad_words":[], "logit_bias":{}, "logprobs":false, "top_logprobs":0, "seed":null,
            "response_format":{"type":"text"}, "tools":[], "tool_choice":"auto", "parallel_tool_calls":true, "functions":null,
            "modalities":["text"], "audio":null, "reasoning_effort":null, "best_of":1, "use_beam_search":false, "echo":false,
            "user":"u", "metadata":{"a":"b"}, "store":true, "service_tier":"auto", "safety_identifier":"s",
            "prompt_cache_key":"k", "prediction":{"type":"content","content":"x"}, "stream":false, "unknown":null
            """, model));

        Assert.True(response.Status == 200, response.Body);
        Assert.Null(response.Header("x-airouter-dropped"));
    }

    [Theory]
    [InlineData("max_tokens", "3")]
    [InlineData("max_completion_tokens", "3")]
    [InlineData("temperature", "0.5")]
    [InlineData("seed", "5")]
    public async Task R11_model_without_settings_is_not_asked_for_any(string name, string value)
    {
        await using var router = await StartAsync();
        var error = await router.ErrorAsync(Path, Chat("x", $"\"{name}\":{value}", "generic"));

        Assert.Equal((400, name), (error.Status, error.Param));
    }

    [Fact]
    public async Task R11_dropped_names_cannot_break_out_of_the_header()
    {
        await using var router = await StartAsync(
            "  lax: { targets: [ { backend: gpu, model: ensemble } ], unsupportedParameters: drop }");
        var response = await router.RawAsync(Path, Chat("[[say:x]]", """ "a\r\nx-evil: 1":1, "ü":2 """, "lax"));

        Assert.Equal("a%0D%0Ax-evil%3A%201, %C3%BC", response.Header("x-airouter-dropped"));
        Assert.Null(response.Header("x-evil"));
    }

    [Fact]
    public async Task R11_configured_changes_are_made_before_the_request_is_read()
    {
        await using var router = await StartAsync(
            """
              changed:
                parameters: { rename: { max_length: max_tokens }, drop: [tools], defaults: { temperature: 0.5, top_k: 3 }, force: { top_p: 0.25 } }
                targets: [ { backend: gpu, model: ensemble, parameters: { force: { top_k: 9 } } } ]
            """);
        await router.JsonAsync(Path, Chat(
            "[[say:x]]", "\"max_length\":12, \"tools\":[{\"a\":1}], \"temperature\":null, \"top_p\":0.75, \"top_k\":4", "changed"));
        var sent = router.Sent[0];

        Assert.Equal(12L, sent.Input("max_tokens")!.Values[0]);
        Assert.Equal(0.5f, sent.Input("temperature")!.Values[0]);
        Assert.Equal(0.25f, sent.Input("top_p")!.Values[0]);
        Assert.Equal(9L, sent.Input("top_k")!.Values[0]);
    }

    [Fact]
    public async Task R12_sampling_gets_a_seed_of_its_own_each_time()
    {
        await using var router = await StartAsync();
        await router.JsonAsync(Path, Chat("[[say:x]]", "\"n\":2"));
        await router.JsonAsync(Path, Chat("[[say:x]]"));

        var seeds = router.Sent.Select(s => s.Input("seed")!.Values[0]).ToList();
        Assert.Equal(3, seeds.Distinct().Count());
        Assert.Equal(1f, router.Sent[0].Input("temperature")!.Values[0]);
        Assert.Equal(1f, router.Sent[0].Input("top_p")!.Values[0]);
    }

    [Theory]
    [InlineData("lora_name", "\"a\"")]
    [InlineData("lora_task_id", "1")]
    [InlineData("lora_weights", "[1]")]
    [InlineData("lora_path", "\"/x\"")]
    public async Task R19_adapters_from_clients_are_400_even_where_parameters_are_dropped(string name, string value)
    {
        await using var router = await StartAsync(
            "  lax: { targets: [ { backend: gpu, model: ensemble } ], unsupportedParameters: drop }");
        var error = await router.ErrorAsync(Path, Chat("x", $"\"{name}\":{value}", "lax"));

        Assert.Equal((400, name), (error.Status, error.Param));
    }

    [Fact]
    public async Task R19_adapter_of_the_target_reaches_the_model()
    {
        await using var router = await StartAsync(
            "  tuned: { targets: [ { backend: gpu, model: ensemble, lora: { id: 7 } } ] }");
        await router.JsonAsync(Path, Chat("[[say:x]]", model: "tuned"));

        Assert.Equal(7ul, router.Sent[0].Input("lora_task_id")!.Values[0]);
    }

    [Fact]
    public async Task R43_nested_duplicates_are_400()
    {
        await using var router = await StartAsync();
        var error = await router.ErrorAsync(
            Path, """{"model":"chat","messages":[{"role":"user","content":"a","con\u0074ent":"b"}]}""");

        Assert.Equal(400, error.Status);
    }

    [Fact]
    public async Task Self_hosters_parameters_reach_the_models_that_take_them()
    {
        await using var router = await StartAsync();
        await router.JsonAsync(Path, Chat(
            "[[say:x]]",
            "\"top_k\":5, \"min_p\":0.5, \"repetition_penalty\":1.5, \"min_tokens\":1, \"ignore_eos\":true, \"stop_token_ids\":[7], " +
            "\"max_tokens\":3, \"seed\":-1",
            "vllm"));
        var json = JsonDocument.Parse((string)router.Sent[0].Input("sampling_parameters")!.Values[0]).RootElement;

        Assert.Equal(5, json.GetProperty("top_k").GetInt32());
        Assert.Equal(0.5, json.GetProperty("min_p").GetDouble());
        Assert.Equal(1.5, json.GetProperty("repetition_penalty").GetDouble());
        Assert.True(json.GetProperty("ignore_eos").GetBoolean());
        Assert.Equal(7, json.GetProperty("stop_token_ids")[0].GetInt32());
        Assert.Equal(long.MaxValue, json.GetProperty("seed").GetInt64());
    }
}
