using AiRouter.Api.Commands.Import.Bifrost;
using AiRouter.Api.Commands.Import.LiteLlm;
using AiRouter.Api.Commands.Import.Reading;
using AiRouter.Api.Commands.Import.ToveraInc;

namespace AiRouter.Api.Commands.Import;

/// <summary>
/// <c>import</c>: makes a configuration of another product's. It goes to standard output; what has no equivalent, and what is left to
/// do, is told on standard error.
/// </summary>
internal static class ImportCommand
{
    private const string From = "--from";
    private const string Keys = "--keys";

    public static readonly Command Command = new(
        "import",
        "makes a configuration of LiteLLM's, Bifrost's or the original ai-router's",
        [
            new CommandOption(From, "PRODUCT", "whose file it is: litellm, bifrost or toverainc (default: as it looks)"),
            new CommandOption(Keys, "FILE", "client keys of LiteLLM's database as JSON: a list of rows of LiteLLM_VerificationToken"),
        ],
        "FILE",
        RunAsync);

    private static readonly IReadOnlyList<IImport> Products = [new LiteLlmImport(), new BifrostImport(), new ToveraIncImport()];

    private static async Task<int> RunAsync(CommandContext context)
    {
        if (context.Operand is not { } path)
        {
            return await FailAsync(context, "import needs a file");
        }

        var from = context.Options.GetValueOrDefault(From);
        var named = Products.FirstOrDefault(p => p.Name == from);
        if (from is not null && named is null)
        {
            return await FailAsync(context, $"{From} is one of {string.Join(", ", Products.Select(static p => p.Name))}");
        }

        var notes = new ImportNotes();
        var (product, root, problem) = Read(path, named, notes);
        if (product is null || root is null)
        {
            return await FailAsync(context, $"{path}: {problem}");
        }

        SourceValue? keys = null;
        if (context.Options.GetValueOrDefault(Keys) is { } keyPath)
        {
            if (product is not LiteLlmImport)
            {
                return await FailAsync(context, $"{Keys} is for LiteLLM only: elsewhere keys are in the file");
            }

            (keys, problem) = ReadKeys(keyPath, notes);
            if (keys is null)
            {
                return await FailAsync(context, $"{keyPath}: {problem}");
            }
        }

        return await WriteAsync(context, product, root, keys, notes);
    }

    private static async Task<int> WriteAsync(
        CommandContext context, IImport product, SourceValue root, SourceValue? keys, ImportNotes notes)
    {
        var imported = new ImportedConfiguration();
        product.Import(new ImportTask(root, keys, context.Environment, imported, new ImportedSecrets(notes, product.VariableMarker)));
        notes.AddUntaken(root, product.Reasons);
        if (keys is not null)
        {
            notes.AddUntaken(keys, product.Reasons);
        }

        var document = new ImportCheck(imported, root, () => Head(product, root, notes)).Document();
        foreach (var line in notes.Lines)
        {
            await context.Error.WriteLineAsync(line);
        }

        if (document is null)
        {
            await context.Error.WriteLineAsync($"airouter: no model of {root.File} can be imported");
            return 1;
        }

        await context.Output.WriteAsync(document);
        return 0;
    }

    private static string Head(IImport product, SourceValue root, ImportNotes notes)
    {
        var tasks = notes.ByHand.ToList();
        var file = ImportNote.OneLine(root.File);
        return $"# Made by \"airouter import\" from {product.Title} ({file}). What has no equivalent was told on standard error.\n" +
            (tasks.Count == 0 ? "" : "#\n# Left to do:\n" + string.Concat(tasks.Select(static t => $"# - {t}\n"))) +
            "\n";
    }

    private static (IImport? Product, SourceValue? Root, string? Problem) Read(string path, IImport? named, ImportNotes notes)
    {
        var (text, unreadable) = SourceFile.ReadText(path);
        if (text is null)
        {
            return (null, null, unreadable);
        }

        var file = SourceFile.Parse(text, named?.Syntax ?? SyntaxOf(path, text));
        if (file.Root is not { Kind: SourceKind.Map } root)
        {
            return (null, null, file.Problem ?? "names with values were expected");
        }

        var product = named ?? Products.FirstOrDefault(p => p.Recognises(root));
        if (product is null)
        {
            var names = string.Join(", ", Products.Select(static p => p.Name));
            return (null, null, $"this looks like no configuration of {names}; {From} says whose it is");
        }

        root.Place(Path.GetFileName(path), notes);
        return (product, root, null);
    }

    private static (SourceValue? Root, string? Problem) ReadKeys(string path, ImportNotes notes)
    {
        var (text, unreadable) = SourceFile.ReadText(path);
        if (text is null)
        {
            return (null, unreadable);
        }

        var file = SourceFile.Parse(text, SourceSyntax.Json);
        if (file.Root is not { } root)
        {
            return (null, file.Problem);
        }

        if (root.Kind == SourceKind.List)
        {
            var list = root;
            root = new SourceValue { Kind = SourceKind.Map, Line = 1 };
            root.Add("keys", list);
        }

        root.Place(Path.GetFileName(path), notes);
        return root.Kind == SourceKind.Map ? (root, null) : (null, "a list of keys was expected");
    }

    // By the name of the file, else by how it begins.
    private static SourceSyntax SyntaxOf(string path, string text)
    {
        var begin = text.AsSpan().TrimStart();
        return Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".toml" => SourceSyntax.Toml,
            ".json" => SourceSyntax.Json,
            ".yaml" or ".yml" => SourceSyntax.Yaml,
            _ when begin.StartsWith("{") => SourceSyntax.Json,
            _ when HasTomlTable(text) => SourceSyntax.Toml,
            _ => SourceSyntax.Yaml,
        };
    }

    private static bool HasTomlTable(string text)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.StartsWith("[") && line.TrimEnd().EndsWith("]"))
            {
                return true;
            }
        }

        return false;
    }

    private static async Task<int> FailAsync(CommandContext context, string problem)
    {
        await context.Error.WriteLineAsync($"airouter: {problem}");
        return 2;
    }
}
