using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AiRouter.Api.Endpoints;
using AiRouter.Core.Configuration;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Endpoints;

/// <summary>One test for each row of the endpoint table.</summary>
public sealed class OperationTableTests
{
    private const string Secret = "sk-air-table";

    public static TheoryData<string> Paths =>
        [.. OperationTable.WithModel.Where(o => o.Method == "POST" && o.Dialect != StreamDialect.Messages).Select(o => o.Path)];

    public static TheoryData<string> AzurePaths => [.. OperationTable.WithModel.Where(o => o.IsAzure).Select(o => o.Path)];

    public static TheoryData<string, string> Collections =>
        [.. OperationTable.WithoutModel.SelectMany(c => c.CollectionMethods.Select(m => (m, c.Path)))];

    public static TheoryData<string, string> ObjectPaths =>
        [.. OperationTable.WithoutModel.Where(c => c.HasObjects).SelectMany(c => new[] { "GET", "DELETE" }.Select(m => (m, c.Path)))];

    public static TheoryData<string, string> Unserved => [.. OperationTable.Unserved.Select(u => (u.Method, u.Path))];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Operation_with_a_model_reaches_the_models_backend_with_and_without_v1(string path)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Answer);
        await using var router = await RunningRouter.StartAsync(upstream);
        foreach (var prefix in new[] { "/v1", "", "/openai/v1" })
        {
            using var response = await router.Http.PostAsync(
                prefix + path, Body(path, "public-model"), TestContext.Current.CancellationToken);

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(3, upstream.Requests.Count);
        Assert.All(upstream.Requests, r => Assert.Equal("/v1" + path, r.Target));
        Assert.All(upstream.Requests, r => Assert.Contains("backend-model", r.Text, StringComparison.Ordinal));
        Assert.All(upstream.Requests, r => Assert.DoesNotContain("public-model", r.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Messages_reach_a_backend_that_does_not_speak_them_as_a_chat()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Answer);
        await using var router = await RunningRouter.StartAsync(upstream);

        using var body = new StringContent(
            """{"model":"public-model","max_tokens":5,"messages":[{"role":"user","content":"x"}]}""", Encoding.UTF8, "application/json");
        using var response = await router.Http.PostAsync("messages", body, TestContext.Current.CancellationToken);

        // What it answers is no chat.
        Assert.Equal("/v1/chat/completions", upstream.Request.Target);
        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
    }

    [Theory]
    [InlineData("org%2Fname")]
    [InlineData("org%2fname")]
    public async Task Azure_path_may_have_a_slash_in_the_models_name(string encoded)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Answer);
        await using var router = await RunningRouter.StartAsync(
            upstream, config: c => c with { Models = new Dictionary<string, ModelConfig> { ["org/name"] = c.Models["public-model"] } });

        using var response = await router.Http.PostAsync(
            $"/openai/deployments/{encoded}/chat/completions", Body("/chat/completions", null), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [MemberData(nameof(AzurePaths))]
    public async Task Azure_path_names_the_model_and_its_api_version_stays_here(string path)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Answer);
        await using var router = await RunningRouter.StartAsync(upstream, config: c => c with
        {
            Keys = [TestConfigs.Key("azure", Secret)],
        });
        using var request = new HttpRequestMessage(
            HttpMethod.Post, $"/openai/deployments/public-model{path}?api-version=2024-10-21&x=1")
        {
            Content = Body(path, null),
        };
        request.Headers.Add("api-key", Secret);

        using var response = await router.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal($"/v1{path}?x=1", upstream.Request.Target);
        Assert.Contains("backend-model", upstream.Request.Text, StringComparison.Ordinal);
        Assert.Null(upstream.Request.Header("api-key"));
        Assert.Null(upstream.Request.Header("Authorization"));
    }

    [Theory]
    [MemberData(nameof(Collections))]
    public async Task Operation_without_a_model_reaches_the_default_backend_for_keys_that_list_it(string method, string path)
    {
        await using var upstream = await ScriptedUpstream.StartAsync("""{"id":"obj_1","object":"thing"}""");
        await using var router = await StartWithKeysAsync(upstream);

        using var allowed = await SendAsync(router, method, path, Secret);
        using var refused = await SendAsync(router, method, path, "sk-air-other");

        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        Assert.Equal("/v1" + path, upstream.Request.Target);
        Assert.Equal(method, upstream.Request.Method);
        Assert.Equal("Bearer " + FixedConfiguration.BackendSecret, upstream.Request.Header("Authorization"));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Theory]
    [MemberData(nameof(ObjectPaths))]
    public async Task Object_that_nobody_made_here_is_404(string method, string path)
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        await using var router = await StartWithKeysAsync(upstream);

        using var response = await SendAsync(router, method, path + "/obj_unknown", Secret);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("\"not_found\"", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Empty(upstream.Requests);
    }

    [Theory]
    [MemberData(nameof(Unserved))]
    public async Task Known_but_unserved_path_is_501(string method, string path)
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        await using var router = await RunningRouter.StartAsync(upstream);

        using var response = await SendAsync(
            router, method, path.Replace("{**rest}", "client_secrets", StringComparison.Ordinal).Replace("{**id}", "x", StringComparison.Ordinal), null);

        Assert.Equal(HttpStatusCode.NotImplemented, response.StatusCode);
        Assert.Equal("false", Assert.Single(response.Headers.GetValues("x-should-retry")));
    }

    [Theory]
    [InlineData("GET", "/organization/users", 404)]
    [InlineData("GET", "/projects/p/keys", 404)]
    [InlineData("POST", "/nonsense", 404)]
    [InlineData("GET", "/embeddings", 405)]
    [InlineData("PUT", "/chat/completions", 405)]
    public async Task Unknown_paths_are_404_and_wrong_methods_405(string method, string path, int status)
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        await using var router = await RunningRouter.StartAsync(upstream);

        using var response = await SendAsync(router, method, path, null);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Empty(upstream.Requests);
    }

    private static Task<RunningRouter> StartWithKeysAsync(ScriptedUpstream upstream) => RunningRouter.StartAsync(
        upstream,
        backend: b => b with { ApiKey = "env:AIROUTER_SECRET_BACKEND" },
        config: c => c with
        {
            Defaults = new DefaultsConfig { Backend = "upstream" },
            Keys =
            [
                TestConfigs.Key("all", Secret) with { Operations = [.. Operations.WithoutModel] },
                TestConfigs.Key("other", "sk-air-other"),
            ],
        });

    private static Task<HttpResponseMessage> SendAsync(RunningRouter router, string method, string path, string? key)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), "/v1" + path);
        if (method == "POST")
        {
            request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        }

        if (key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        return router.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static Task Answer(UpstreamCall call) => call.JsonAsync("""{"object":"list","data":[],"model":"backend-model"}""");

    private static HttpContent Body(string path, string? model)
    {
        if (OperationTable.WithModel.First(o => o.Path == path).Body == BodyKind.Multipart)
        {
            var form = new MultipartFormDataContent { { new ByteArrayContent([1, 2, 3]), "file", "a.wav" } };
            if (model is not null)
            {
                form.Add(new StringContent(model), "model");
            }

            return form;
        }

        var named = model is null ? "" : $",\"model\":\"{model}\"";
        return new StringContent(
            $$"""{"messages":[{}],"prompt":"p","input":"i"{{named}}}""", Encoding.UTF8, "application/json");
    }
}
