using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AiRouter.Admin.Components.Models;
using AiRouter.Admin.Management.Configuration;
using AiRouter.Admin.Management.Models;
using AiRouter.Core.Configuration;
using AiRouter.Core.Configuration.Schema;
using AiRouter.Tests.Repository;

namespace AiRouter.Tests.Components.Models;

public sealed partial class ModelFormTests
{
    /// <summary>A model with every member set to something else than its default.</summary>
    private const string Everything = """
        {
          "targets": [ {
            "backend": "gpu", "model": "ensemble", "weight": 3, "priority": 2, "stream": "always", "promptFormat": "llama3",
            "bosMode": "template", "streamText": "delta",
            "parameters": { "rename": { "a b": "c" }, "drop": ["d"], "defaults": { "e": 0.70 }, "force": { "f": { "g": [1, null, "h"] } } },
            "lora": { "name": "n", "id": 18446744073709551615, "path": "/p" }
          }, { "backend": "near" } ],
          "policy": "sticky", "sticky": { "by": "header", "header": "x-session", "loadFactor": 2.5 },
          "prefix": { "busyFactor": 3.5, "entries": 1000 },
          "retry": { "attempts": 5, "budget": 0.5, "minPerSecond": 3, "onTimeout": true, "backoff": 0.25, "within": 12.5 },
          "fallbacks": [ { "model": "other", "on": ["contextLength"], "allowExternal": true } ],
          "queue": { "concurrentPerReplica": 4, "waitingPerReplica": 5, "maxWait": 6.5 },
          "operations": ["chat"], "promptFormat": "line one\nline {{ two }}",
          "prompt": {
            "bos": "<s>", "eos": "</s>", "bosMode": "backend", "system": "Be\nbrief.", "addGenerationPrompt": false,
            "roles": { "user": "human" }, "variables": { "v": { "deep": [true, 1e3] } }, "completions": "disabled",
            "continueFinalMessage": true, "neutralizeSpecialTokens": true
          },
          "toolCalls": "llama3", "reasoning": "none", "reasoningOutput": "both", "tokenizer": "o200k_base",
          "maxInputTokens": 1000, "contextLength": 2000, "maxTokens": { "default": 10, "max": 20 },
          "limits": { "requestsPerMinute": 1, "tokensPerMinute": 1000000000000, "concurrent": 3 },
          "budget": { "usd": 12.345678, "per": "day" },
          "price": { "input": 0.05, "cachedInput": 0.01, "output": 0.1, "perRequest": 0.001, "perGpuSecond": 0.0002 },
          "maxN": 3, "unsupportedParameters": "drop",
          "parameters": { "rename": { "x": "y" }, "drop": ["z"], "defaults": { "t": "text" }, "force": { "n": null } },
          "messageRepair": "merge", "streamText": "cumulative", "endTokens": ["<|im_end|>", "two\nlines"]
        }
        """;

    private static readonly ModelConfig Full = Read(Everything);

    [Fact]
    public void Form_that_nobody_touches_gives_the_record_back()
    {
        Assert.Equal(Written(Full), Written(Form(Full).Read(out var problems)!));
        Assert.Empty(problems);
        Assert.False(Form(Full).IsChanged);

        // Of what is the default, and of what being there at all says something.
        foreach (var json in new[] { "{}", """{"queue":{},"price":{}}""", """{"operations":[],"endTokens":[]}""", """{"targets":[{"backend":"a"}]}""" })
        {
            Assert.Equal(Written(Read(json)), Written(Form(Read(json)).Read(out _)!));
        }
    }

    [Fact]
    public void Every_member_of_the_example_is_set() => Assert.DoesNotContain(
        Members(typeof(ModelConfig), ""), path => At(JsonNode.Parse(Everything), path.Replace("[]", "", StringComparison.Ordinal)) is null);

    [Fact]
    public void Edit_of_one_field_leaves_everything_else_as_it_is()
    {
        var form = Form(Full);
        form.Fields.Root.Set("maxTokens.max", "4096");
        form.Fields.Root.Rows("targets")[1].Set("weight", "7");

        var expected = Full with
        {
            MaxTokens = Full.MaxTokens with { Max = 4096 },
            Targets = [Full.Targets[0], Full.Targets[1] with { Weight = 7 }],
        };
        Assert.True(form.IsChanged);
        Assert.Equal(Written(expected), Written(form.Read(out _)!));
    }

    [Fact]
    public void Every_member_has_a_field()
    {
        var shown = Directory.GetFiles(Path.Combine(Checkout.Root, "AiRouter.Admin", "Components", "Models"), "*.razor")
            .SelectMany(file => FieldPaths().Matches(File.ReadAllText(file)).Select(m => m.Groups[1].Value)).ToHashSet(StringComparer.Ordinal);

        Assert.DoesNotContain(Members(typeof(ModelConfig), ""), path => !IsShown(path));

        // Fields of an entry of a list are named from the entry.
        bool IsShown(string path) => path.LastIndexOf("[].", StringComparison.Ordinal) is var at and >= 0
            ? shown.Contains(path[(at + 3)..])
            : shown.Contains(path) || path is "targets" or "fallbacks";
    }

    [Fact]
    public void Field_that_is_emptied_takes_its_default_back()
    {
        var form = Form(Full);
        form.Fields.Root.Set("maxN", "  ");
        form.Fields.Root.Switch("price", false);
        form.Fields.Root.Set("operations", (IReadOnlyList<string>?)null);

        var read = form.Read(out _)!;
        Assert.Equal(8, read.MaxN);
        Assert.Null(read.Price);
        Assert.Null(read.Operations);
    }

    [Theory]
    [InlineData("maxN", "many", "Must be a whole number, not \"many\".")]
    [InlineData("maxN", "999", "Must be from 1 to 128, not \"999\".")]
    [InlineData("price.input", "0,5", "Must be a number")]
    public void Text_that_is_no_value_is_told_at_its_field(string path, string text, string problem)
    {
        var form = Form(Full);
        form.Fields.Root.Set(path, text);

        Assert.Null(form.Read(out var problems));
        Assert.Equal([$"models[\"a.b\"].{path}"], problems.Select(p => p.Path));
        Assert.StartsWith(problem, form.Fields.ProblemAt(path), StringComparison.Ordinal);
        Assert.Null(form.Fields.ProblemAt("maxTokens.max"));
    }

    [Fact]
    public void Json_that_is_none_is_told_and_keeps_the_form_from_being_read()
    {
        var form = Form(Full);
        form.Fields.Root.SetEntries("parameters.defaults", [("stop", "END")], isJson: true);

        Assert.Null(form.Read(out _));
        Assert.Contains("a text in quotes (\"END\")", form.Fields.ProblemAt("parameters.defaults"), StringComparison.Ordinal);
        form.Fields.Root.SetEntries("parameters.defaults", [("stop", "\"END\"")], isJson: true);
        Assert.Equal("END", (string?)form.Read(out _)!.Parameters.Defaults["stop"]);
    }

    [Fact]
    public void Rows_are_added_moved_and_removed()
    {
        var root = Form(Full).Fields.Root;
        root.AddRow("targets", ("backend", "third"));
        root.MoveRow("targets", root.Rows("targets")[2], -1);
        root.RemoveRow("targets", root.Rows("targets")[0]);

        Assert.Equal(["third", "near"], root.Rows("targets").Select(t => t.Text("backend")));
        Assert.Equal("targets[1]", root.Rows("targets")[1].Path);
    }

    [Fact]
    public void Field_that_the_environment_sets_is_locked()
    {
        var form = new ModelForm(
            new EditedModel("a.b", Full, "tag", new RouterConfig())
            {
                Locks = [new FieldLock("models[\"a.b\"].maxTokens.max", "AIROUTER__MODELS__A_B__MAXTOKENS__MAX", ["pod-1"]), new FieldLock("server", "X", ["y"])],
            },
            isReadOnly: false);

        Assert.Contains("AIROUTER__MODELS__A_B__MAXTOKENS__MAX in the environment of pod-1", form.Fields.LockAt("maxTokens.max"), StringComparison.Ordinal);
        Assert.Null(form.Fields.LockAt("maxTokens.default"));
        Assert.Null(form.Fields.LockAt("maxN"));
    }

    [Fact]
    public void Form_without_a_name_says_what_a_name_is_for()
    {
        var form = new ModelForm(new EditedModel(null, new ModelConfig(), null, new RouterConfig()), isReadOnly: false);

        Assert.Null(form.Read(out var problems));
        Assert.Equal("name", Assert.Single(problems).Path);
        Assert.Contains("name that clients are to ask for", form.NameProblem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(BackendKind.OpenAi, false, false)]
    [InlineData(BackendKind.Triton, true, true)]
    [InlineData(BackendKind.Anthropic, true, false)]
    public void Parameters_that_a_backend_cannot_do_are_asked_for_where_requests_are_translated(BackendKind kind, bool isTranslated, bool usesTriton)
    {
        var config = new RouterConfig
        {
            Backends = new Dictionary<string, BackendConfig> { ["b"] = new() { Kind = kind, Url = new Uri("http://up/v1") } },
        };
        var form = new ModelForm(
            new EditedModel("a.b", new ModelConfig { Targets = [new TargetConfig { Backend = "b" }] }, "tag", config), isReadOnly: false);

        Assert.Equal((isTranslated, usesTriton), (form.IsTranslated, form.UsesTriton));
    }

    private static ModelForm Form(ModelConfig config) => new(new EditedModel("a.b", config, "tag", new RouterConfig()), isReadOnly: false);

    private static ModelConfig Read(string json)
    {
        var (record, problems) = RecordJson.Read<ModelConfig>(System.Text.Encoding.UTF8.GetBytes(json));
        Assert.Empty(problems);
        return record!;
    }

    private static string Written(ModelConfig config) => ConfigurationJson.WriteRecord(config);

    // Leaves of the record; entries of lists of records as "list[].member".
    private static IEnumerable<string> Members(Type type, string around) => ((RecordShape)Shapes.Of(type)).Members.SelectMany(m => m.Shape switch
    {
        RecordShape record => Members(record.Type, $"{around}{m.Name}."),
        ListShape { Item: RecordShape item } => Members(item.Type, $"{around}{m.Name}[]."),
        _ => [around + m.Name],
    });

    private static JsonNode? At(JsonNode? node, string path)
    {
        foreach (var name in path.Split('.'))
        {
            node = (node is JsonArray array ? array[0] : node)?[name];
        }

        return node;
    }

    [GeneratedRegex("<\\w+Field [^>]*?Path=\"([^\"@]+)\"")]
    private static partial Regex FieldPaths();
}
