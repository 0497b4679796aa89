using System.Buffers;
using System.Globalization;
using System.Text.Json;
using AiRouter.Prompting.Jinja;
using AiRouter.Prompting.Jinja.Values;
using BenchmarkDotNet.Attributes;

namespace AiRouter.Benchmarks.Prompting;

/// <summary>
/// A chat template renders a conversation of 20 messages. The templates are published ones, from <c>chat-templates.json</c>
/// beside the repository (<c>shared/data</c>).
/// </summary>
[MemoryDiagnoser]
public class JinjaBenchmarks
{
    private readonly ArrayBufferWriter<byte> _output = new(64 * 1024);
    private JinjaTemplate _template = null!;
    private JinjaDict _variables = null!;
    private JsonElement _request;

    /// <summary>The template's name in the file.</summary>
    [Params("meta-llama/Llama-3.2-11B-Vision-Instruct", "Qwen/Qwen1.5-72B-Chat", "Qwen/Qwen3.5-4B")]
    public string Template { get; set; } = "";

    /// <summary>Parses the template and reads the request, as the router does before it renders.</summary>
    [GlobalSetup]
    public void Setup()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Find()));
        var source = document.RootElement.GetProperty("templates").EnumerateArray()
            .First(template => template.GetProperty("name").GetString() == Template)
            .GetProperty("chat_template").GetString()!;
        _template = JinjaTemplate.Parse(source, Template);
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

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "shared", "data", "chat-templates.json");
            if (File.Exists(file))
            {
                return file;
            }
        }

        throw new FileNotFoundException("There is no shared/data/chat-templates.json beside the repository.");
    }
}
