using AiRouter.Admin.Management.Playground.Samples;

namespace AiRouter.Admin.Management.Playground;

/// <summary>A request as programs, to copy.</summary>
internal static class ChatSamples
{
    /// <summary>Each, with the language's name.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="options">Say where clients reach the routers.</param>
    public static IReadOnlyList<(string Language, string Text)> Of(ChatRequest request, AdminOptions options)
    {
        var url = PlaygroundRouter.BaseUrl(options.PublicUrl ?? options.ApiUrl ?? new Uri("http://127.0.0.1:3000"));
        return
        [
            ("curl", CurlSample.Of(request, url)),
            ("Python", PythonSample.Of(request, url)),
            ("C#", CSharpSample.Of(request, url)),
        ];
    }
}
