using System.Text;
using AiRouter.Api.Backends.OpenAi;
using AiRouter.Api.Backends.OpenAi.Connections;
using AiRouter.Api.Endpoints;
using AiRouter.Core.Configuration;
using Microsoft.AspNetCore.WebUtilities;

namespace AiRouter.Api.Realtime;

/// <summary>Where at a backend a session is opened.</summary>
internal static class RealtimeAddress
{
    /// <summary>The client's query, without credentials, and with the target's name for the model.</summary>
    public static UpstreamAddress For(Exchange exchange, TargetModel target)
    {
        var query = new StringBuilder();
        var asked = (exchange.Http.Request.QueryString.Value ?? "").TrimStart('?');
        foreach (var pair in asked.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parsed = new QueryStringEnumerable(pair).GetEnumerator();
            if (parsed.MoveNext() && !SocketRequest.IsModel(parsed.Current.DecodeName().ToString()))
            {
                query.Append(query.Length == 0 ? '?' : '&').Append(pair);
            }
        }

        // OpenAI refuses a model for a transcription, whose session names it.
        if (exchange.Facts.Model is not null || exchange.Http.Request.Query["intent"] != "transcription")
        {
            query.Append(query.Length == 0 ? '?' : '&').Append("model=").Append(Uri.EscapeDataString(NameOf(exchange, target)));
        }

        return new UpstreamAddress(
            UpstreamUrl.For(target.Backend.Config, exchange.UpstreamPath, new QueryString(query.ToString()), exchange.Keys));
    }

    /// <summary>What the target calls the model.</summary>
    public static string NameOf(Exchange exchange, TargetModel target) => target.NameFor(exchange.Model!);
}
