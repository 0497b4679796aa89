using System.Buffers;
using System.Text;
using AiRouter.Core.Configuration;
using AiRouter.Core.Configuration.Assets;
using AiRouter.Prompting;
using AiRouter.Prompting.Formats;

namespace AiRouter.Tests.Prompting.Formats;

/// <summary>A folder with prompt formats, and what is loaded from it.</summary>
internal sealed class FormatFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("airouter-formats-");

    /// <summary>Its path.</summary>
    public string Path => _folder.FullName;

    /// <summary>A file inside, written.</summary>
    public string Write(string name, string content)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>The format, which must be right.</summary>
    public IPromptFormat Load(string promptFormat, PromptConfig? prompt = null)
    {
        var load = new AssetLoad([Path]);
        var format = ModelAssets.Instance.LoadFormat(promptFormat, prompt ?? new PromptConfig(), load);
        Assert.Null(load.Problem);
        return Assert.IsAssignableFrom<IPromptFormat>(format);
    }

    /// <summary>What is wrong with a format, and with which key of <c>prompt</c>.</summary>
    public (string Problem, string? Key) Problem(string promptFormat, PromptConfig? prompt = null)
    {
        var load = new AssetLoad([Path]);
        Assert.Null(ModelAssets.Instance.LoadFormat(promptFormat, prompt ?? new PromptConfig(), load));
        return (Assert.IsType<string>(load.Problem), load.ProblemKey);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>The format of a template, which must be right.</summary>
    public static IPromptFormat Inline(string template, PromptConfig? prompt = null)
    {
        var load = new AssetLoad([]);
        var format = ModelAssets.Instance.LoadFormat(template, prompt ?? new PromptConfig(), load);
        Assert.Null(load.Problem);
        return Assert.IsAssignableFrom<IPromptFormat>(format);
    }

    /// <summary>The prompt of a conversation.</summary>
    public static string Render(IPromptFormat format, Conversation conversation)
    {
        var prompt = new ArrayBufferWriter<byte>();
        format.Render(conversation, prompt);
        return Encoding.UTF8.GetString(prompt.WrittenSpan);
    }

    /// <summary>The prompt of messages.</summary>
    public static string Render(IPromptFormat format, params ChatMessage[] messages) =>
        Render(format, new Conversation { Messages = messages });

    /// <summary>The prompt of a completion; null when the format is not for them.</summary>
    public static string? Complete(IPromptFormat format, string text, bool backendAddsBos = false)
    {
        var prompt = new ArrayBufferWriter<byte>();
        return format.TryRenderCompletion(text, backendAddsBos, prompt) ? Encoding.UTF8.GetString(prompt.WrittenSpan) : null;
    }
}
