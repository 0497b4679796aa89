using System.Buffers;
using System.Globalization;
using System.Text.Json;
using AiRouter.Prompting.Jinja;
using AiRouter.Prompting.Jinja.Values;
using BenchmarkDotNet.Attributes;

namespace AiRouter.Benchmarks.Prompting;

/// <summary>
/// A chat template renders a conversation of 20 messages. The templates are those that the router ships (<c>prompt-formats</c>).
/// </summary>
[MemoryDiagnoser]
public class JinjaBenchmarks
{
    private readonly ArrayBufferWriter<byte> _output = new(64 * 1024);
    private JinjaTemplate _template = null!;
    private JinjaDict _variables = null!;
    private JsonElement _request;

    /// <summary>The template's name.</summary>
    [Params("llama3.2", "qwen", "qwen3.5")]
    public string Template { get; set; } = "";

    /// <summary>Parses the template and reads the request, as the router does before it renders.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "prompt-formats", Template + ".jinja");
        _template = JinjaTemplate.Parse(File.ReadAllText(file), Template);
        _request = JsonSerializer.SerializeToElement(Request());
        _variables = Read(_request);
        Render();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"// The prompt has {_output.WrittenCount} bytes."));
    }

    /// <summary>Renders a request that is already read.</summary>
    [Benchmark]
    public int Render()
    {
        _output.ResetWrittenCount();
        _template.Render(_variables, _output, JinjaOptions.Default);
        return _output.WrittenCount;
    }

    /// <summary>Reads the request into values and renders it.</summary>
    [Benchmark]
    public int ReadAndRender()
    {
        _output.ResetWrittenCount();
        _template.Render(Read(_request), _output, JinjaOptions.Default);
        return _output.WrittenCount;
    }

    private static Dictionary<string, object> Request()
    {
        const string sentence = "The quick brown fox jumps over the lazy dog. ";
        var messages = new List<Dictionary<string, string>> { Message("system", "You are a helpful assistant.") };
        for (var i = 1; i < 20; i++)
        {
            var text = string.Concat(Enumerable.Repeat(sentence, 6)) + i.ToString(CultureInfo.InvariantCulture);
            messages.Add(Message(i % 2 == 1 ? "user" : "assistant", text));
        }

        return new Dictionary<string, object>
        {
            ["messages"] = messages,
            ["bos_token"] = "<s>",
            ["eos_token"] = "</s>",
            ["add_generation_prompt"] = true,
        };
    }

    private static Dictionary<string, string> Message(string role, string content) =>
        new() { ["role"] = role, ["content"] = content };

    private static JinjaDict Read(JsonElement request)
    {
        var variables = new JinjaDict();
        foreach (var property in request.EnumerateObject())
        {
            variables.Set(property.Name, JinjaValue.FromJson(property.Value));
        }

        return variables;
    }
}
