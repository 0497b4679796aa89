using System.Net;
using System.Text.RegularExpressions;

namespace AiRouter.Tests.Access;

/// <summary>What a browser does of a page's HTTP: keeps cookies, sends forms, follows redirects when told. It runs no script.</summary>
internal sealed partial class SignedInBrowser : IDisposable
{
    private readonly HttpClient _http;

    /// <summary>One without cookies.</summary>
    public SignedInBrowser(Uri root)
    {
        _http = new HttpClient(new SocketsHttpHandler { CookieContainer = Cookies, AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = root };
        _http.DefaultRequestHeaders.Add("Accept", "text/html");
    }

    /// <summary>Its cookies.</summary>
    public CookieContainer Cookies { get; } = new();

    /// <summary>Headers that go with every request.</summary>
    public System.Net.Http.Headers.HttpRequestHeaders Headers => _http.DefaultRequestHeaders;

    /// <summary>The cookie of the session; null: none.</summary>
    public Cookie? Session => Cookies.GetCookies(_http.BaseAddress!)["airouter.session"];

    /// <summary>Asks for a page, without following redirects.</summary>
    public Task<HttpResponseMessage> GetAsync(string path) => _http.GetAsync(path, TestContext.Current.CancellationToken);

    /// <summary>Asks for a page, and follows redirects to wherever they go.</summary>
    public async Task<HttpResponseMessage> FollowAsync(string path)
    {
        var answer = await GetAsync(path);
        for (var i = 0; i < 10 && answer.StatusCode == HttpStatusCode.Found; i++)
        {
            answer = await GetAsync(answer.Headers.Location!.OriginalString);
        }

        return answer;
    }

    /// <summary>Sends a form that a page holds, with its antiforgery token.</summary>
    public async Task<HttpResponseMessage> PostAsync(string page, string action, params (string Name, string Value)[] fields)
    {
        var token = Token().Match(await (await GetAsync(page)).Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Groups[1].Value;
        return await PostRawAsync(action, [("__RequestVerificationToken", token), .. fields]);
    }

    /// <summary>Sends a form.</summary>
    public async Task<HttpResponseMessage> PostRawAsync(string action, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Select(static f => KeyValuePair.Create(f.Name, f.Value)));
        return await _http.PostAsync(action, form, TestContext.Current.CancellationToken);
    }

    /// <summary>Sends the form of the page to sign in.</summary>
    public Task<HttpResponseMessage> SignInAsync(string key, string returnUrl = "/") =>
        PostAsync($"/sign-in?returnUrl={Uri.EscapeDataString(returnUrl)}", "/session", ("key", key), ("returnUrl", returnUrl));

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("""name="__RequestVerificationToken"[^>]*value="([^"]+)""")]
    private static partial Regex Token();
}
