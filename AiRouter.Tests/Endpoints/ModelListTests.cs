using System.Net;
using System.Net.Http.Headers;
using AiRouter.Core.Configuration;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Endpoints;

public sealed class ModelListTests
{
    [Fact]
    public async Task List_has_the_names_that_the_key_may_use_sorted_and_no_patterns()
    {
        await using var router = await StartAsync();

        Assert.Equal(
            """{"object":"list","data":[{"id":"a/b","object":"model","created":0,"owned_by":"airouter"},{"id":"alpha","object":"model","created":0,"owned_by":"airouter"}]}""",
            await GetAsync(router, "models", HttpStatusCode.OK));
    }

    [Theory]
    [InlineData("models/a/b")]
    [InlineData("models/a%2Fb")]
    public async Task Model_with_a_slash_is_found_raw_and_encoded(string path)
    {
        await using var router = await StartAsync();

        Assert.Equal(
            """{"id":"a/b","object":"model","created":0,"owned_by":"airouter"}""", await GetAsync(router, path, HttpStatusCode.OK));
    }

    [Theory]
    [InlineData("models/zeta")]
    [InlineData("models/wild-1")]
    [InlineData("models/none")]
    public async Task Model_that_the_key_may_not_use_does_not_exist(string path)
    {
        await using var router = await StartAsync();

        Assert.Contains("model_not_found", await GetAsync(router, path, HttpStatusCode.NotFound), StringComparison.Ordinal);
    }

    private static async Task<string> GetAsync(RunningRouter router, string path, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "sk-air-1");
        using var response = await router.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(expected, response.StatusCode);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private static Task<RunningRouter> StartAsync()
    {
        var target = new ModelConfig { Targets = [new TargetConfig { Backend = "dead" }] };
        return RunningRouter.StartAsync(new RouterConfig
        {
            Backends = new Dictionary<string, BackendConfig> { ["dead"] = new() { Url = new Uri("http://127.0.0.1:1/v1") } },
            Models = new Dictionary<string, ModelConfig>
            {
                ["zeta"] = target,
                ["alpha"] = target,
                ["a/b"] = target,
                ["wild-*"] = target,
            },
            Keys = [TestConfigs.Key("k", "sk-air-1") with { Models = ["a*"], Operations = [Operations.Embeddings] }],
        });
    }
}
