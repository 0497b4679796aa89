using AiRouter.Core.Configuration;

namespace AiRouter.Tests.Configuration;

public sealed class SecretTests : IDisposable
{
    private const string Secret = "sk-super-secret-value";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("airouter-secrets-");

    [Theory]
    [InlineData("env:AIROUTER_SECRET_A")]
    [InlineData("env:OPENAI_API_KEY")]
    [InlineData("file:plain")]
    [InlineData("file:{folder}/plain")]
    [InlineData("file:mounted")]
    [InlineData("file:./sub/../plain")]
    public void Reference_is_read(string reference)
    {
        var load = Load(reference);

        Assert.Empty(load.Problems);
        Assert.Equal(new BackendCredential(CredentialKind.Own, Secret), load.Model!.Backends["b"].Credential);
        Assert.Equal(Secret, load.Model.Backends["b"].Headers.Single(h => h.Key == "api-key").Value);
    }

    [Theory]
    [InlineData("env:PATH", "may not be read")]
    [InlineData("env:AIROUTER_SECRET_NONE", "is not set")]
    [InlineData("env:", "may not be read")]
    [InlineData("file:../outside", "is not inside the secrets folder")]
    [InlineData("file:/etc/passwd", "is not inside the secrets folder")]
    [InlineData("file:escaping", "is not inside the secrets folder")]
    [InlineData("file:escaping-folder/outside", "is not inside the secrets folder")]
    [InlineData("file:circle", "cannot be read")]
    [InlineData("file:.", "is not inside the secrets folder")]
    [InlineData("file:", "needs a path")]
    [InlineData("file:none", "there is no file none")]
    [InlineData("file:empty", "is empty")]
    [InlineData("file:two-lines", "no header can carry")]
    [InlineData("file:large", "larger than 64 KiB")]
    [InlineData("file:binary", "is not UTF-8 text")]
    [InlineData("file:sub", "cannot be read")]
    [InlineData("file:kubernetes.io/serviceaccount/token", "is a credential for Kubernetes")]
    [InlineData(Secret, "must not be the key itself")]
    [InlineData("Bearer " + Secret, "env:AIROUTER_SECRET_NAME")]
    public void Other_reference_is_refused_without_showing_anything(string reference, string message)
    {
        var problems = Load(reference).Problems;

        Assert.Contains(problems, p => p.Path == "backends.b.apiKey" && p.Message.Contains(message, StringComparison.Ordinal));
        Assert.Contains(problems, p => p.Path == "backends.b.headers.api-key");
        Assert.DoesNotContain(Secret, string.Join('\n', problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Forward_has_no_secret()
    {
        var model = Loaded.Model("""
            backends: { b: { url: http://b, apiKey: forward } }
            models: { m: { targets: [ { backend: b } ] } }
            """);

        Assert.Equal(new BackendCredential(CredentialKind.Forward, null), model.Backends["b"].Credential);
    }

    [Fact]
    public void Secret_is_in_no_text()
    {
        var model = Load("file:plain").Model!;
        var backend = model.Backends["b"];
        var texts = new[]
        {
            backend.ToString(), backend.Config.ToString(), backend.Credential.ToString(), model.Config.ToString(),
            model.Models.All[0].ToString(), model.Models.All[0].Targets[0].ToString(), ConfigurationDump.ToYaml(model.Config),
        };

        Assert.All(texts, t => Assert.DoesNotContain(Secret, t, StringComparison.Ordinal));
        Assert.All(texts, t => Assert.DoesNotContain("literal-header", t, StringComparison.Ordinal));
        Assert.Contains("apiKey: file:plain", texts[^1], StringComparison.Ordinal);
        Assert.Contains($"X-Team: \"{ConfigurationDump.Redacted}\"", texts[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Dump_is_the_same_configuration_again()
    {
        const string document = """
            backends: { "no": { kind: triton, url: http://b:8001, connections: 3 }, odd: { url: 'http://ü.example/a#', apiKey: forward } }
            models:
              "gpt-*": { operations: [], targets: [ { backend: "no", model: "1.10", lora: { id: 7 } } ], endTokens: ["", "a: b # c", "\n", "~"] }
              m.1: { targets: [ { backend: "no" } ], parameters: { force: { a: 1.50, b: [null, true, "true", {}] } } }
            keys: [ { name: "null", hash: "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", expires: 2027-01-31T12:00:00+02:00 } ]
            """;
        var first = Loaded.Model(document.Replace("a#", "a", StringComparison.Ordinal).Replace("\"\", \"a:", "\"a:", StringComparison.Ordinal));
        var second = Loaded.Model(ConfigurationDump.ToYaml(first.Config));

        Assert.Equal(first.Version, second.Version);
        Assert.Equal(ConfigurationDump.ToYaml(first.Config), ConfigurationDump.ToYaml(second.Config));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private ConfigurationLoad Load(string reference)
    {
        var folder = Path.Combine(_folder.FullName, "secrets");
        Directory.CreateDirectory(Path.Combine(folder, "sub"));
        Directory.CreateDirectory(Path.Combine(folder, "..2026_01_01"));
        Directory.CreateDirectory(Path.Combine(folder, "kubernetes.io", "serviceaccount"));
        File.WriteAllText(Path.Combine(_folder.FullName, "outside"), Secret);
        File.WriteAllText(Path.Combine(folder, "plain"), Secret + "\r\n");
        File.WriteAllText(Path.Combine(folder, "empty"), "\n");
        File.WriteAllText(Path.Combine(folder, "two-lines"), Secret + "\nX: y");
        File.WriteAllText(Path.Combine(folder, "large"), new string('x', 65 * 1024));
        File.WriteAllBytes(Path.Combine(folder, "binary"), [0xFF, 0xFE]);
        File.WriteAllText(Path.Combine(folder, "kubernetes.io", "serviceaccount", "token"), Secret);
        File.WriteAllText(Path.Combine(folder, "..2026_01_01", "mounted"), Secret);
        // As Kubernetes mounts a Secret: the file is a link into a folder that is a link itself.
        Directory.CreateSymbolicLink(Path.Combine(folder, "..data"), "..2026_01_01");
        File.CreateSymbolicLink(Path.Combine(folder, "mounted"), "..data/mounted");
        File.CreateSymbolicLink(Path.Combine(folder, "escaping"), "../outside");
        File.CreateSymbolicLink(Path.Combine(folder, "escaping-folder"), "..");
        File.CreateSymbolicLink(Path.Combine(folder, "circle"), "circle");
        var text = reference.Replace("{folder}", folder, StringComparison.Ordinal);
        return RouterConfigurationLoader.Load(new RouterConfigurationSource
        {
            Yaml = $$"""
                backends: { b: { url: http://b, apiKey: '{{text}}', headers: { api-key: '{{text}}', X-Team: literal-header } } }
                models: { m: { targets: [ { backend: b } ] } }
                """,
            SecretsFolder = folder,
            Environment = new Dictionary<string, string>
            {
                ["AIROUTER_SECRET_A"] = Secret,
                ["OPENAI_API_KEY"] = Secret,
                ["PATH"] = Secret,
            },
            AllowedSecretNames = new HashSet<string> { "OPENAI_API_KEY" },
        });
    }
}
