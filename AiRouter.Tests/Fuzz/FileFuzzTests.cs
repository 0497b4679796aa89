using System.Buffers;
using System.Text;
using AiRouter.Core.Configuration;
using AiRouter.Core.Configuration.Reading;
using AiRouter.Prompting.Jinja;
using AiRouter.Prompting.Tokens;
using AiRouter.Prompting.Tokens.HuggingFace;
using AiRouter.Prompting.Tokens.SentencePiece;
using AiRouter.Tests.Prompting.Jinja;
using AiRouter.Tests.Prompting.Tokens;
using AiRouter.Tests.Repository;

namespace AiRouter.Tests.Fuzz;

/// <summary>What operators write, download and send to the management API.</summary>
public sealed class FileFuzzTests
{
    private const string Conversation =
        """
        {"messages":[{"role":"system","content":"s"},{"role":"user","content":"hé"},{"role":"assistant","content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":{"a":1}}}]},{"role":"tool","tool_call_id":"1","content":"r"}],"tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object","properties":{"a":{"type":"integer"}}}}}],"add_generation_prompt":true,"bos_token":"<s>","eos_token":"</s>"}
        """;

    private static readonly JinjaLimits Limits = new() { Steps = 200_000, OutputBytes = 1 << 20, WorkingSize = 1 << 20 };

    [Fact]
    public Task Yaml_is_a_configuration_or_a_list_of_problems() => Fuzzer.RunAsync(
        Bytes(
            Checkout.Read("airouter.yaml"),
            "a: &x { b: [1, *y] }\nc: &y [ *x, \"\\u00e9\", 'x', ~ ]\n",
            "backends:\n  up: { kind: openai, url: http://x/v1, apiKey: forward, headers: { X: y } }\nmodels:\n  m: { targets: [ { backend: up, weight: 2 } ], maxTokens: { max: 5 } }\nkeys:\n  - { name: k, hash: 'sha256:00', expires: 2027-01-01 }\nserver: { keepAlive: 1.5 }\n",
            "%YAML 1.2\n---\n{ \"models\": { \"a\": { targets: [] } } }\n...\n"),
        Bytes(
            "&a ", "*a", "!!str ", "!<x> ", "%YAML 9999999999999.1\n", "---\n", "...\n", "? ", ": ", "- ", "[", "]", "{", "}", ",", "|2\n", ">-\n", "\"", "'", "\"\\UFFFFFFFF\"",
            "\"\\x\"", "\t", "\0", "\ufeff", "#", "<<: *a\n", "~", "\n  ", "\n", "1e999", "0x", "2027-99-99", "- - - - ", "{a: ", "[ *a, *a ]", "b: &b [ *a, *a ]\n", "%TAG ! x\n"),
        (64 << 20, 20_000),
        static (input, _) =>
        {
            var load = RouterConfigurationLoader.LoadYaml(Encoding.UTF8.GetString(input));
            Assert.True(load.Model is not null || load.Problems.Count > 0);
        });

    [Fact]
    public Task Json_of_the_management_api_is_a_document_or_a_problem() => Fuzzer.RunAsync(
        Bytes(
            """{"backends":{"up":{"url":"http://x/v1"}},"models":{"m":{"targets":[{"backend":"up"}]}}}""",
            """{ /* x */ "a" : [1, -2.5e3, true, null, "\u00e9\ud83d\ude00",], "b":{"a":{}} , }"""),
        Bytes("\"", "{", "}", "[", "]", ",", ":", "\\ud800", "/*", "*/", "//", "\n", "\0", "\u00ff", "{\"a\":", "[[[[[[[[", "1e9999", "\"a\":1,"),
        (16 << 20, 4_000),
        static (input, _) =>
        {
            var problems = new ProblemList();
            Assert.True(JsonDocumentReader.Read(input, "x", problems) is not null || problems.Count > 0);
        });

    [Fact]
    public Task Templates_render_or_fail_with_a_place() => Fuzzer.RunAsync(
        [.. Checkout.Files.Where(f => f.StartsWith("prompt-formats/", StringComparison.Ordinal) && f.EndsWith(".jinja", StringComparison.Ordinal))
            .Select(f => Encoding.UTF8.GetBytes(Checkout.Read(f))).Where(b => b.Length < 16_000)],
        Bytes(
            "{{", "}}", "{%", "%}", "{#", "#}", "{%-", "-%}", "{% for m in messages %}", "{% endfor %}", "{% if ", "{% endif %}", "{% set ns = namespace(x=1) %}",
            "{% macro f(n) %}{{ f(n) }}{% endmacro %}{{ f(1) }}", "messages", "[0]", ".role", "|tojson", "|length", "|join", "|replace('a','b')", " ~ ", " ** ", " * ",
            "'", "\"", "\\x", "(", ")", "[", "]", "{", "}", "loop.index", "raise_exception('x')", "strftime_now('%Y')", "range(99999)", "{% generation %}", "\0", "\u00ff", "9999999999999", " if x else ", " not in "),
        (512 << 20, 40_000),
        static (input, _) =>
        {
            try
            {
                var template = JinjaTemplate.Parse(Encoding.UTF8.GetString(input), "fuzz.jinja");
                template.Render(Render.Variables(Conversation), new ArrayBufferWriter<byte>(), Render.Options with { Limits = Limits });
            }
            catch (JinjaException exception)
            {
                Assert.True(exception.Line > 0 && exception.Column > 0, exception.Message);
            }
        });

    [Fact]
    public Task Tokenizer_json_counts_or_is_refused() => Fuzzer.RunAsync(
        [.. new[] { "llama3-like.json", "qwen-like.json", "gpt2-like.json", "deepseek-like.json" }.Select(Small)],
        Bytes("null", "{}", "[]", "\"\"", "-1", "true", "1e99", "\"BPE\"", "\"type\":", "\"Split\"", "\"ByteLevel\"", "{\"Regex\":\"(a+)+$\"}", "{\"Regex\":\"[\"}", "\"\\ud800\"", ",", "}", "]", "\"content\":\"\""),
        (64 << 20, 4_000),
        static (input, _) => Count(() => TokenizerJson.Read("fuzz", input)));

    [Fact]
    public Task Tokenizer_model_counts_or_is_refused() => Fuzzer.RunAsync(
        [.. new[] { "llama-like.model", "gemma-like.model" }.Select(Small)],
        [[0x0A], [0xFF], [0x80, 0x80, 0x80, 0x80, 0x08], [0x12, 0x00], [0x1A, 0x02, 0x08, 0x01], [0x00], [0x7F], .. Bytes("<0x00>", "<s>", "\u2581")],
        (64 << 20, 4_000),
        static (input, _) => Count(() => SentencePieceFile.Read("fuzz", input)));

    private static void Count(Func<AiRouter.Core.Configuration.Assets.ITokenCounter> read)
    {
        try
        {
            Assert.InRange(read().Count("Hello w\u00f6rld  <s> 123\n\n"u8, addSpecialTokens: true), 0, 10_000);
        }
        catch (TokenizerFormatException)
        {
            // Refused by its name, which is told to the operator.
        }
        catch (System.Text.RegularExpressions.RegexMatchTimeoutException)
        {
            // The documented answer to a pattern that takes too long.
        }
    }

    private static byte[] Small(string name) => [.. File.ReadAllBytes(Path.Combine(TokenizerFiles.Folder, name)).Take(60_000)];

    private static byte[][] Bytes(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];
}
