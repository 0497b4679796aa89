// Chats with a model behind AiRouter, or compares embeddings: dotnet run -- --help.
using System.ClientModel;
using System.Text.Json;

const string Help =
    """
    dotnet run -- chat       [-S] [-n] [-m MODEL] [-u URL] [-k KEY] [-t TOKENS] [PROMPT]   with OpenAI's own client for .NET
    dotnet run -- ichat      the same with Microsoft.Extensions.AI
    dotnet run -- embeddings [-m MODEL] [-u URL] [-k KEY] [-M MODEL] [-U URL] [-K KEY] [TEXT…]

      -S  print the answer as it comes       -u  the router (default $AIROUTER_URL, else http://127.0.0.1:3000/v1)
      -n  with -S, a line per chunk          -k  client key (default $AIROUTER_KEY)
      -m  model                              -t  generate at most so many tokens
      -M, -U, -K  compare the embeddings with those of another model, at another server, whose key is …
    """;

try
{
    switch (args)
    {
        case ["chat", .. var rest]:
            await OpenAiChat.RunAsync(CommandLine.Parse(rest));
            return 0;
        case ["ichat", .. var rest]:
            await ExtensionsAiChat.RunAsync(CommandLine.Parse(rest));
            return 0;
        case ["embeddings", .. var rest]:
            await Embeddings.RunAsync(CommandLine.Parse(rest));
            return 0;
        default:
            Console.WriteLine(Help);
            return args is ["--help" or "-h"] ? 0 : 2;
    }
}
catch (ClientResultException error) when (error.Status > 0)
{
    // What AiRouter says, without what the client wraps around it.
    var answer = JsonDocument.Parse(error.GetRawResponse()!.Content).RootElement;
    Console.Error.WriteLine($"error {error.Status}: {answer.GetProperty("error").GetProperty("message")}");
}
catch (Exception error) when (error is IOException or HttpRequestException or AggregateException or ArgumentException)
{
    // Nobody answered, or the connection broke.
    Console.Error.WriteLine($"error: {(error.InnerException ?? error).Message}");
}

return 1;
