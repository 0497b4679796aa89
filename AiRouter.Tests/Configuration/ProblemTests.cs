using AiRouter.Core.Configuration;

namespace AiRouter.Tests.Configuration;

public sealed class ProblemTests
{
    private const string Hash = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Fact]
    public void Every_problem_is_told_at_once_with_path_line_and_suggestion()
    {
        var problems = Loaded.Problems("""
            backends:
              gpu-1: { kind: tritn, url: http://a:8001 }
              openai:
                url: http://b/v1
                api_key: env:AIROUTER_SECRET_X
            models:
              llama:
                targets:
                  - { backend: gpu-1, weight: 1001 }
                  - { backend: gpu-9 }
            defaults: { chat: lama }
            sever: {}
            """);

        Assert.Equal(
            [
                "backends.gpu-1.kind: must be one of openai, triton, anthropic, not \"tritn\" (did you mean \"triton\"?) [AIROUTER_CONFIG_YAML, line 2]",
                "backends.openai.api_key: there is no such key (did you mean \"apiKey\"?) [AIROUTER_CONFIG_YAML, line 5]",
                "models.llama.targets[0].weight: must be from 0 to 1000, not \"1001\" [AIROUTER_CONFIG_YAML, line 9]",
                "sever: there is no such key (did you mean \"server\"?) [AIROUTER_CONFIG_YAML, line 12]",
                "models.llama.targets[1].backend: there is no backend \"gpu-9\" (did you mean \"gpu-1\"?) [AIROUTER_CONFIG_YAML, line 10]",
                "defaults.chat: there is no model \"lama\" (did you mean \"llama\"?) [AIROUTER_CONFIG_YAML, line 11]",
            ],
            problems);
    }

    // Each: a document's part, and what its one problem says.
    [Theory]
    [InlineData("backends: { b: { url: ftp://x } }", "backends.b.url: must begin with http:// or https://")]
    [InlineData("backends: { b: { url: 'x y' } }", "backends.b.url: must be a URL")]
    [InlineData("backends: { b: { url: http://me:secret@x } }", "backends.b.url: must have no user or password")]
    [InlineData("backends: { b: { url: 'http://x?a=b' } }", "backends.b.url: must have no ?")]
    [InlineData("backends: { b: {} }", "backends.b: url is missing")]
    [InlineData("backends: { b: }", "backends.b: url is missing")]
    [InlineData("backends: { b: [] }", "backends.b: must be an object, not a list")]
    [InlineData("backends: { 'b*': { url: http://x } }", "backends.b*: a name has 1 to 128 characters, no *")]
    [InlineData("backends: { b: { url: http://x, paths: { v1/x: http://y } } }", "the key must be a path that begins with /")]
    [InlineData("backends: { b: { url: http://x, paths: { /x: y } } }", "backends.b.paths[\"/x\"]: must be a URL")]
    [InlineData("backends: { b: { url: http://x, connections: 3 } }", "backends.b.connections: only a backend of kind triton")]
    [InlineData("backends: { b: { url: http://x, loadSignal: { url: http://x } } }", "backends.b.loadSignal: only a backend of kind triton")]
    [InlineData("backends: { b: { kind: triton, url: http://x, loadSignal: { url: ftp://x } } }", "backends.b.loadSignal.url: must begin with http:// or https://")]
    [InlineData("backends: { b: { kind: triton, url: http://x, loadSignal: { interval: 2 } } }", "backends.b.loadSignal: url is missing")]
    [InlineData("models: { m: { policy: sticky, sticky: { by: header }, targets: [ { backend: a } ] } }", "models.m.sticky: header is missing")]
    [InlineData("models: { m: { policy: sticky, sticky: { header: x-a }, targets: [ { backend: a } ] } }", "models.m.sticky.header: has no effect without by: header")]
    [InlineData("models: { m: { policy: sticky, sticky: { by: header, header: 'x a' }, targets: [ { backend: a } ] } }", "models.m.sticky.header: must be the name of a header", "models.m.sticky: header is missing")]
    [InlineData("models: { m: { policy: prefix, sticky: { loadFactor: 2 }, targets: [ { backend: a } ] } }", "models.m.sticky: has no effect: only the policy sticky")]
    [InlineData("models: { m: { prefix: { entries: 1000 }, targets: [ { backend: a } ] } }", "models.m.prefix: has no effect: only the policy prefix")]
    [InlineData("models: { m: { policy: stickie, targets: [ { backend: a } ] } }", "models.m.policy: ")]
    [InlineData("backends: { b: { kind: triton, url: http://x, streamUsage: false } }", "backends.b.streamUsage: only a backend of kind openai")]
    [InlineData("backends: { b: { kind: anthropic, url: http://x, streamUsage: false } }", "backends.b.streamUsage: only a backend of kind openai")]
    [InlineData("backends: { b: { kind: anthropic, url: http://x, messages: true } }", "backends.b.messages: only a backend of kind openai")]
    [InlineData("backends: { b: { kind: anthropic, url: http://x, connections: 3 } }", "backends.b.connections: only a backend of kind triton")]
    [InlineData("backends: { b: { kind: anthropic, url: http://x } }\ndefaults: { backend: b }", "defaults.backend: the backend \"b\" is of kind anthropic")]
    [InlineData("backends: { b: { kind: anthropic, url: http://x } }\nmodels: { m: { targets: [ { backend: b } ], operations: [chat, embeddings], endTokens: [x] } }", "models.m.operations: no target can do embeddings: backends of kind anthropic do chat", "models.m.endTokens: has no effect")]
    [InlineData("backends: { b: { kind: triton, url: http://x, probe: { path: /x } } }", "backends.b.probe.path: only a backend of kind openai")]
    [InlineData("backends: { b: { kind: triton, url: http://x, apiKey: forward } }", "backends.b.apiKey: cannot be forward")]
    [InlineData("backends: { b: { url: http://x, headers: { Host: y } } }", "backends.b.headers.Host: this header is set by the router")]
    [InlineData("backends: { b: { url: http://x, headers: { 'a b': y } } }", "this is no name of a header")]
    [InlineData("backends: { b: { url: http://x, headers: { x-a: y, X-A: z } } }", "given twice")]
    [InlineData("backends: { b: { url: http://x, tls: { caFile: /none } } }", "backends.b.tls: has no effect", "backends.b.tls.caFile: there is no file /none")]
    [InlineData("backends: { b: { url: https://x, tls: { keyFile: /none } } }", "backends.b.tls: certificateFile and keyFile", "there is no file /none")]
    [InlineData("backends: { b: { url: http://x, timeouts: { total: .inf } } }", "backends.b.timeouts.total: must be a number, not \".inf\"")]
    [InlineData("backends: { b: { url: http://x, timeouts: { idle: 0 } } }", "backends.b.timeouts.idle: must be from 0.1 to 86400, not \"0\"")]
    [InlineData("models: { m: {} }", "models.m: targets is missing or empty")]
    [InlineData("models: { m: { targets: { backend: a } } }", "models.m.targets: must be a list, not an object", "targets is missing or empty")]
    [InlineData("models: { m: { targets: [ { model: x } ] } }", "models.m.targets[0]: backend is missing")]
    [InlineData("models: { m: { targets: [ { backend: a, weight: 0 } ] } }", "models.m.targets: every weight is 0")]
    [InlineData("models: { m: { targets: [ { backend: a, model: 'x*' } ] } }", "models.m.targets[0].model: * is what the one * of the model's name")]
    [InlineData("models: { 'm*': { targets: [ { backend: a, model: '*x*' } ] } }", "models.m*.targets[0].model: * is what the one * of the")]
    [InlineData("models: { 'm*m*': { targets: [ { backend: a, model: '*' } ] } }", "models.m*m*.targets[0].model: * is what the one * of the")]
    [InlineData("models: { m: { targets: [ { backend: a, lora: { name: x } } ] } }", "the backend \"a\" is not of kind triton")]
    [InlineData("models: { m: { targets: [ { backend: t, lora: { path: x } } ] } }", "models.m.targets[0].lora: needs a name or an id")]
    [InlineData("models: { m: { targets: [ { backend: t } ], operations: [images, chat] } }", "models.m.operations: no target can do images")]
    [InlineData("models: { m: { targets: [ { backend: a } ], operations: [chats] } }", "models.m.operations[0]: there is no operation \"chats\" (did you mean \"chat\"?)")]
    [InlineData("models: { m: { targets: [ { backend: a } ], operations: chat } }", "models.m.operations: must be a list, not a single value")]
    [InlineData("models: { m: { targets: [ { backend: t } ], promptFormat: plane } }", "models.m.promptFormat: there is no prompt format \"plane\" (did you mean \"plain\"?)")]
    [InlineData("models: { m: { targets: [ { backend: a } ], maxTokens: { default: 9, max: 8 } } }", "models.m.maxTokens: default (9) is above max (8)")]
    [InlineData("models: { m: { targets: [ { backend: a } ], maxN: 1.5 } }", "models.m.maxN: must be a whole number, not \"1.5\"")]
    [InlineData("models: { m: { targets: [ { backend: a } ], parameters: { drop: [model] } } }", "models.m.parameters.drop[0]: model cannot be changed here")]
    [InlineData("models: { m: { targets: [ { backend: a } ], parameters: { rename: { a: b, b: a } } } }", "\"b\" is renamed itself", "\"a\" is renamed itself")]
    [InlineData("models: { m: { targets: [ { backend: a } ], parameters: { rename: { a: c, b: c } } } }", "another parameter becomes \"c\" too")]
    [InlineData("models: { m: { targets: [ { backend: t } ], endTokens: [''] } }", "models.m.endTokens[0]: must not be empty")]
    [InlineData("models: { m.1: { targets: [ { backend: c } ] } }", "models[\"m.1\"].targets[0].backend: there is no backend \"c\" (there are: a, t)")]
    [InlineData("models: { m: { targets: [ { backend: a } ], endTokens: [x] } }", "models.m.endTokens: has no effect: only backends of kind triton")]
    [InlineData("models: { m: { targets: [ { backend: a } ], messageRepair: merge, streamText: delta, unsupportedParameters: drop } }", "models.m.messageRepair: has no effect", "models.m.streamText: has no effect", "models.m.unsupportedParameters: has no effect")]
    [InlineData("models: { m: { targets: [ { backend: t }, { backend: a, promptFormat: plain } ] } }", "models.m.targets[1].promptFormat: has no effect")]
    [InlineData("defaults: { chat: 'x*' }", "defaults.chat: must be a name, not a pattern")]
    [InlineData("defaults: { chat: bge }", "defaults.chat: the model \"bge\" is not for chat (its operations: embeddings)")]
    [InlineData("defaults: { backend: t }", "defaults.backend: the backend \"t\" is of kind triton")]
    [InlineData("defaults: { accept: ['*'] }", "defaults.accept: has no effect")]
    [InlineData("keys: [ { name: a, hash: 'sha256:00' } ]", "keys[0].hash: must be sha256: and 64 hexadecimal digits")]
    [InlineData("keys: [ { name: a, hash: '' } ]", "keys[0].hash: must be sha256: and 64 hexadecimal digits")]
    [InlineData($"keys: [ {{ name: a, hash: '{Hash}' }}, {{ name: b, hash: '{Hash}' }} ]", "keys[1].hash: the same as in keys[0]")]
    [InlineData($"keys: [ {{ name: a, hash: '{Hash}', operations: [file] }} ]", "there is no operation \"file\" (did you mean \"files\"?)")]
    [InlineData($"keys: [ {{ name: a, hash: '{Hash}', expires: tomorrow }} ]", "keys[0].expires: must be a date (2027-01-31)")]
    [InlineData($"keys: [ {{ name: a, hash: '{Hash}', models: [''] }} ]", "keys[0].models[0]: a pattern has")]
    [InlineData($"keys: [ {{ hash: '{Hash}' }} ]", "keys[0]: name is missing")]
    [InlineData("server: { basePath: v1 }", "server.basePath: must begin with /")]
    [InlineData("server: { basePath: '' }", "server.basePath: must begin with /")]
    [InlineData("server: { maxBodyMiB: 64, maxBufferedMiB: 64 }", "server.maxBufferedMiB: must be more than maxBodyMiB")]
    [InlineData("server: { trustedProxies: [10.0.0.0/33] }", "server.trustedProxies[0]: must be an address or a network")]
    [InlineData("server: { corsOrigins: ['https://a/b'] }", "server.corsOrigins[0]: must be * or an origin")]
    [InlineData("server: { protectTelemetry: yes }", "server.protectTelemetry: must be true or false, not \"yes\"")]
    [InlineData("server: { authentication: off }", "server.authentication: must be one of auto, required, optional, none")]
    public void Wrong_part_is_told(string part, params string[] messages)
    {
        var key = part[..part.IndexOf(':', StringComparison.Ordinal)];
        var standing = new[]
        {
            "backends: { a: { url: http://a }, t: { kind: triton, url: http://t } }",
            "models: { 'x-*': { targets: [ { backend: a } ] }, bge: { operations: [embeddings], targets: [ { backend: t } ] } }",
        }.Where(s => !s.StartsWith(key, StringComparison.Ordinal));
        // With other backends the models that stand would dangle.
        var document = string.Join('\n', key == "backends" ? [part] : [.. standing, part]);

        var problems = Loaded.Problems(document);

        Assert.Equal(messages.Length, problems.Count);
        Assert.All(messages, m => Assert.Contains(problems, p => p.Contains(m, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("", "the document is empty")]
    [InlineData("# nothing\n", "the document is empty")]
    [InlineData("{}", "the document is empty")]
    [InlineData("[1]", "the document must be an object")]
    [InlineData("hello", "the document must be an object")]
    [InlineData("a: b: c", "this is not YAML")]
    [InlineData("server: {}\n---\nserver: {}", "there is a second document")]
    [InlineData("server: {}\nserver: {}", "server: given twice, first in line 1 [AIROUTER_CONFIG_YAML, line 2]")]
    [InlineData("server: &a { x: *a }", "*a contains itself")]
    [InlineData("server: *a", "there is no anchor &a")]
    [InlineData("server: !secret x", "the tag !secret has no meaning here")]
    [InlineData("[a]: b", "a key must be a plain name")]
    public void Broken_document_is_told(string yaml, string message) =>
        Assert.Contains(message, Assert.Single(Loaded.Problems(yaml)), StringComparison.Ordinal);

    [Fact]
    public void Aliases_that_grow_without_bound_are_refused()
    {
        var lines = Enumerable.Range(1, 9).Select(i => $"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat($"*a{i - 1}", 10))}]");
        var problems = Loaded.Problems("a0: &a0 [x]\n" + string.Join('\n', lines));

        Assert.Contains("more than 1000000 values", problems[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_without_end_is_refused() =>
        Assert.Contains("nested deeper than 64", Loaded.Problems(new string('[', 5000))[0], StringComparison.Ordinal);

    [Fact]
    public void Json_is_read_as_strictly_as_yaml()
    {
        var folder = Directory.CreateTempSubdirectory("airouter-");
        var file = Path.Combine(folder.FullName, "c.json");
        File.WriteAllText(file, """
            {
              "backends": { "a": { "url": "http://a" } },
              "models": { "m": { "targets": [ { "backend": "a", "weigth": 1 } ] } },
              "server": {}, "server": {}
            }
            """);
        var problems = RouterConfigurationLoader.Load(new RouterConfigurationSource { File = file }).Problems;
        File.WriteAllText(file, "{ \"backends\": }");
        var broken = RouterConfigurationLoader.Load(new RouterConfigurationSource { File = file }).Problems;
        File.WriteAllText(file, """{ "backends": { "a": { "url": "http://a" } }, "models": { "m": { "targets": [ { "backend": "a" } ] } } }""");
        var good = RouterConfigurationLoader.Load(new RouterConfigurationSource { File = file });
        folder.Delete(recursive: true);

        Assert.Equal("server: given twice, first in line 4", Assert.Single(problems).ToString().Split(" [")[0]);
        Assert.Equal($"this is not JSON [{file}, line 1]", Assert.Single(broken).ToString());
        Assert.Equal("a", good.Model!.Models.All[0].Targets[0].Backend.Name);
    }

    [Fact]
    public void Missing_file_is_told()
    {
        var load = RouterConfigurationLoader.Load(new RouterConfigurationSource { File = "/none/airouter.yaml", IsFileNamed = true });

        Assert.Equal("there is no file /none/airouter.yaml", Assert.Single(load.Problems).ToString());
    }
}
