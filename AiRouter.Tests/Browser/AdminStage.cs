using AiRouter.Tests.Fixtures;
using Microsoft.Playwright;

namespace AiRouter.Tests.Browser;

/// <summary>
/// Admin as people run it (a process from its own build output, in Production) on a store of its own; a router and a simulated
/// Triton on request. Share one in a class: it takes seconds to start.
/// </summary>
internal sealed class AdminStage : IAsyncDisposable
{
    /// <summary>What <c>AIROUTER_ADMIN_KEY</c> is.</summary>
    public const string Key = "the-first-admin-of-the-tests";

    private readonly List<IAsyncDisposable> _running = [];

    private AdminStage(string connectionString)
    {
        ConnectionString = connectionString;
    }

    /// <summary>The store.</summary>
    public string ConnectionString { get; }

    /// <summary>The installation's prefix in the store.</summary>
    public string Prefix { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Admin's address.</summary>
    public Uri Root { get; private set; } = null!;

    /// <summary>Admin's process.</summary>
    public ApiProcess Admin { get; private set; } = null!;

    /// <summary>A client of Admin's management API, as the first admin; its base address is <c>/api/v1/</c>.</summary>
    public HttpClient Management { get; private set; } = null!;

    /// <summary>Starts Admin.</summary>
    /// <param name="servers">Where the store is.</param>
    /// <param name="configuration">What the store has, as YAML; null: nothing.</param>
    /// <param name="environment">More of Admin's environment.</param>
    public static async Task<AdminStage> StartAsync(
        StoreServers servers, string? configuration = null, params (string Name, string Value)[] environment)
    {
        var stage = new AdminStage(await servers.ConnectionStringAsync(StoreKind.Redis));
        var variables = new Dictionary<string, string>(stage.StoreVariables) { ["AIROUTER_ADMIN_KEY"] = Key };
        foreach (var (name, value) in environment)
        {
            variables[name] = value;
        }

        var (process, http) = await ApiProcess.StartProjectAsync("AiRouter.Admin", variables);
        stage._running.Add(process);
        stage.Admin = process;
        stage.Root = http.BaseAddress!;
        stage.Management = new HttpClient { BaseAddress = new Uri(stage.Root, "/api/v1/") };
        stage.Management.DefaultRequestHeaders.Authorization = new("Bearer", Key);
        http.Dispose();
        if (configuration is not null)
        {
            await stage.PutAsync(configuration);
        }

        return stage;
    }

    /// <summary>What a process needs to share the store.</summary>
    public IReadOnlyDictionary<string, string> StoreVariables => new Dictionary<string, string>
    {
        ["ConnectionStrings__redis"] = ConnectionString,
        ["AIROUTER_STORE_PREFIX"] = Prefix,
    };

    /// <summary>Saves a whole document, as YAML, whatever there was.</summary>
    public async Task PutAsync(string yaml)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "config");
        request.Content = new StringContent(yaml, System.Text.Encoding.UTF8, "application/yaml");
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        using var answer = await Management.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Starts a router on the store; a client of it, whose base address is its root.</summary>
    public async Task<HttpClient> StartApiAsync(params (string Name, string Value)[] environment)
    {
        var variables = new Dictionary<string, string>(StoreVariables);
        foreach (var (name, value) in environment)
        {
            variables[name] = value;
        }

        var (process, http) = await ApiProcess.StartAsync(variables);
        _running.Add(process);
        return http;
    }

    /// <summary>Opens a page of Admin, signed in with a key.</summary>
    public async Task<IPage> SignInAsync(Browser browser, string path = "/", string key = Key, int width = 1280, bool isDark = false)
    {
        var page = await browser.OpenAsync(Root, width, isDark);
        await page.GotoAsync($"/sign-in?returnUrl={Uri.EscapeDataString(path)}");
        await page.GetByLabel("Admin key").FillAsync(key);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();

        // The page to sign in has a heading too.
        await page.WaitForURLAsync(
            static url => !url.Contains("/sign-in", StringComparison.Ordinal), new() { WaitUntil = WaitUntilState.Commit });
        await page.Locator("h1").WaitForAsync();
        return page;
    }

    /// <summary>A new admin key with a role; its secret.</summary>
    public async Task<string> CreateAdminAsync(string role, string? name = null)
    {
        using var content = new StringContent(
            $$"""{"name":"{{name ?? role}}","role":"{{role}}"}""", System.Text.Encoding.UTF8, "application/json");
        using var answer = await Management.PostAsync("admin-keys", content, TestContext.Current.CancellationToken);
        var json = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, json);
        return (string)System.Text.Json.Nodes.JsonNode.Parse(json)!["key"]!;
    }

    public async ValueTask DisposeAsync()
    {
        Management?.Dispose();
        foreach (var process in Enumerable.Reverse(_running))
        {
            await process.DisposeAsync();
        }
    }
}
