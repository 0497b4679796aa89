using AiRouter.Core.Configuration;
using AiRouter.Core.Configuration.Assets;
using AiRouter.Prompting.Formats;
using AiRouter.Prompting.Formats.Preview;
using AiRouter.Prompting.Jinja;

namespace AiRouter.Tests.Prompting.Formats.Preview;

/// <summary>The list has what models can name, and nothing else.</summary>
public sealed class FormatCatalogTests : IDisposable
{
    private readonly FormatFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_shipped_format_is_listed_and_can_be_loaded()
    {
        string[] folders = [Path.Combine(AppContext.BaseDirectory, "prompt-formats")];

        var formats = FormatCatalog.List(folders, JinjaOptions.Default);

        Assert.Equal(FormatCatalog.Names(folders).Order(), formats.Select(f => f.Name).Order());
        Assert.True(formats.Count > 30, $"{formats.Count} formats");
        foreach (var format in formats)
        {
            Assert.Null(format.Failure);
            Assert.NotNull(PromptFormats.Load(format.Name, new PromptConfig(), new AssetLoad(folders)));
            Assert.NotEmpty(FormatCatalog.Texts(format.Name, folders, out var problem)!);
            Assert.Null(problem);
        }

        var llama = formats.Single(f => f.Name == "llama3");
        Assert.Equal(("<|begin_of_text|>", "<|eot_id|>", true), (llama.Bos, llama.Eos, llama.Traits!.TakesTools));
        Assert.Contains("Llama 3.1", llama.Models, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_of_the_folders_are_listed()
    {
        _folder.Write("mine.jinja", "{{ messages[0].content }}");
        _folder.Write("other.scriban", "{{ messages[0].content }}");
        _folder.Write("read.me", "nothing");
        _folder.Write("named.jinja", "{{ messages[0].content }}");
        _folder.Write("manifest.json", """{"formats":[{"name":"by-name","file":"named.jinja","models":"Some","note":"N","source":"S","bos":"<s>"}]}""");
        _folder.Write("model/tokenizer_config.json", """{"chat_template":"{{ messages[0].content }}","bos_token":"<b>"}""");

        var formats = FormatCatalog.List([_folder.Path, "/nowhere"], JinjaOptions.Default);

        Assert.Equal(["by-name", "mine", "model/tokenizer_config.json", "none", "other", "plain"], formats.Select(f => f.Name));
        Assert.All(formats, f => Assert.Null(f.Failure));
        Assert.Equal(("Some", "N", "S", "<s>"), (formats[0].Models, formats[0].Note, formats[0].Source, formats[0].Bos));
        Assert.Equal("<b>", formats[2].Bos);
        Assert.Equal("{{ messages[0].content }}", Assert.Single(FormatCatalog.Texts("mine", [_folder.Path], out _)!).Text);
    }

    [Fact]
    public void Broken_formats_are_listed_with_what_is_wrong_and_where()
    {
        _folder.Write("syntax.jinja", "\n{% if %}");
        _folder.Write("fails.jinja", "\n\n{{ messages[0].nothing.at_all }}");
        _folder.Write("script.scriban", "x\n{{ if }}");

        var formats = FormatCatalog.List([_folder.Path], JinjaOptions.Default).ToDictionary(f => f.Name);

        Assert.Equal((2, 3, 2), (formats["syntax"].Problem!.Line, formats["fails"].Problem!.Line, formats["script"].Problem!.Line));
        Assert.All(["syntax", "fails", "script"], name => Assert.NotEmpty(formats[name].Failure!));
    }
}
