using AiRouter.Tests.Repository;

namespace AiRouter.Tests.Clients.Examples;

/// <summary>One of the examples in <c>clients/</c>, and what it needs to run.</summary>
/// <param name="Name">As tests are named.</param>
/// <param name="Chat">The command of its chat.</param>
/// <param name="Embeddings">The command that compares embeddings; null: another entry has it.</param>
/// <param name="Missing">What is not on this machine, and how to get it; null: nothing.</param>
public sealed record ExampleClient(
    string Name, IReadOnlyList<string> Chat, IReadOnlyList<string>? Embeddings, string? Missing)
{
    private static readonly string _folder = Path.Combine(Checkout.Root, "clients");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ExampleClient> All { get; } =
    [
        new("curl", ["bash", In("curl/chat.sh")], ["bash", In("curl/embeddings.sh")], WithoutPrograms("bash", "curl", "jq")),
        Python("python"),
        Node("node"),
        DotNet("csharp", "chat", "embeddings"),
        DotNet("csharp with Microsoft.Extensions.AI", "ichat", null),
        Node("langchain"),
        Python("langchain", "langchain for Python"),
    ];

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static ExampleClient Node(string folder) => new(
        folder, ["node", In($"{folder}/chat.mjs")], ["node", In($"{folder}/embeddings.mjs")],
        WithoutPrograms("node") ?? WithoutFolder($"{folder}/node_modules", "npm ci"));

    private static ExampleClient DotNet(string name, string chat, string? embeddings)
    {
        // Built with the tests, as they are: …/bin/Release/net10.0.
        var framework = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var assembly = In($"csharp/bin/{framework.Parent!.Name}/{framework.Name}/airouter-client.dll");
        return new(name, ["dotnet", assembly, chat], embeddings is null ? null : ["dotnet", assembly, embeddings], null);
    }

    // With packages of its own only: what another Python has may be too old.
    private static ExampleClient Python(string folder, string? name = null)
    {
        var python = In(OperatingSystem.IsWindows() ? $"{folder}/.venv/Scripts/python.exe" : $"{folder}/.venv/bin/python");
        return new(
            name ?? folder, [python, In($"{folder}/chat.py")], [python, In($"{folder}/embeddings.py")],
            WithoutFolder($"{folder}/.venv", "python3 -m venv .venv && .venv/bin/pip install -r requirements.txt"));
    }

    private static string In(string path) => Path.Combine(_folder, path);

    private static string? WithoutFolder(string path, string how) =>
        Directory.Exists(In(path)) ? null : $"There is no clients/{path} (airouter.sh test makes it where it can): {how}";

    private static string? WithoutPrograms(params string[] programs)
    {
        var folders = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator) ?? [];
        string[] endings = OperatingSystem.IsWindows() ? ["", ".exe", ".cmd"] : [""];
        var missing = programs.FirstOrDefault(program =>
            !folders.Any(folder => endings.Any(ending => File.Exists(Path.Combine(folder, program + ending)))));
        return missing is null ? null : $"There is no program {missing}.";
    }
}
