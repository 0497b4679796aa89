namespace AiRouter.Admin.Management.Playground.Samples;

/// <summary>A request as a line for a shell.</summary>
internal static class CurlSample
{
    /// <summary>For sh, bash and zsh; the key comes from the environment, so that it stays out of the shell's history.</summary>
    public static string Of(ChatRequest request, string baseUrl)
    {
        var body = ChatRequest.Readable(request.ToJson());
        var noBuffer = request.Stream ? " --no-buffer" : "";
        return $"""
            curl {Quote(baseUrl + "/chat/completions")}{noBuffer} \
              -H "Authorization: Bearer ${SampleKey.Variable}" \
              -H 'Content-Type: application/json' \
              -d {Quote(body)}
            """;
    }

    // Within single quotes nothing is special but the quote itself.
    private static string Quote(string text) => "'" + text.Replace("'", @"'\''", StringComparison.Ordinal) + "'";
}
