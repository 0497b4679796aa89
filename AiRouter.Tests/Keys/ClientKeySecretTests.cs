using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;
using AiRouter.Tests.Configuration;

namespace AiRouter.Tests.Keys;

public sealed class ClientKeySecretTests
{
    [Fact]
    public void Made_key_has_256_bits_and_is_found_by_its_hash()
    {
        var secret = ClientKeySecret.Create();
        var model = Loaded.Model($$"""
            backends: { a: { url: http://a } }
            models: { m: { targets: [ { backend: a } ] } }
            keys: [ { name: k, hash: '{{ClientKeySecret.HashOf(secret)}}', models: ['m*'], operations: [chat, files] } ]
            """);

        Assert.Matches("^sk-air-[A-Za-z0-9_-]{43}$", secret);
        Assert.NotEqual(secret, ClientKeySecret.Create());
        var key = model.Keys.Match(secret, DateTimeOffset.UtcNow).Good!;
        Assert.Equal("k", key.Name);
        Assert.True(key.MayUseModel("m1") && !key.MayUseModel("n"));
        Assert.True(key.MayUseOperation(Operations.Chat) && key.MayUseOperation("files") && !key.MayUseOperation(Operations.Embeddings));
        Assert.Equal(default, model.Keys.Match(secret + "x", DateTimeOffset.UtcNow));
    }

    [Fact]
    public void Hash_is_that_of_sha256sum() => Assert.Equal(
        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", ClientKeySecret.HashOf("abc"));
}
