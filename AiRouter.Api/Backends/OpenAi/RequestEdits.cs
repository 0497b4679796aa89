using System.Globalization;
using System.Text;
using System.Text.Json;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Requests;
using AiRouter.Api.Routing;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>What is different in the JSON body that a backend gets: <c>model</c>, what a stream needs, and R11's parameters.</summary>
internal static class RequestEdits
{
    private static readonly byte[] True = "true"u8.ToArray();
    private static readonly byte[] False = "false"u8.ToArray();
    private static readonly byte[] WithUsage = """{"include_usage":true}"""u8.ToArray();

    /// <summary>The edits for one target.</summary>
    public static JsonEdits For(Exchange exchange, TargetModel target, JsonIndex index, StreamPlan plan)
    {
        var changes = Rules(exchange, target, index);
        SetTokenLimit(changes, exchange, target);
        SetModel(changes, index, exchange, target);
        if (exchange.Operation is { MayStream: true, Dialect: not StreamDialect.Opaque })
        {
            SetStream(changes, index, exchange, plan, target.Backend.Config.StreamUsage);
        }

        return changes.ToEdits();
    }

    /// <summary>The request with R11's parameters, and nothing else changed yet.</summary>
    public static MemberChanges Rules(Exchange exchange, TargetModel target, JsonIndex index)
    {
        var changes = new MemberChanges(index);
        var isCount = exchange.Operation.CountsOnly;
        Apply(exchange.Model!.Model.Config.Parameters);
        Apply(target.Config.Parameters);
        return changes;

        // What shapes an answer has no place in a request that makes none, and is refused there.
        void Apply(ParametersConfig parameters) =>
            ParameterRules.Apply(changes, isCount ? Only(parameters, changes) : parameters);
    }

    private static ParametersConfig Only(ParametersConfig parameters, MemberChanges changes) => parameters with
    {
        Defaults = new ParametersConfig().Defaults,
        Force = parameters.Force.Where(f => changes.Has(f.Key)).ToDictionary(StringComparer.Ordinal),
    };

    /// <summary>What the backend calls the operation's token limit; the name to use, where none is there, first.</summary>
    public static IReadOnlyList<string> TokenLimits(Exchange exchange, TargetModel target)
    {
        var names = ModelLimits.TokenLimits(exchange.Operation);
        var model = exchange.Model!.Model.Config.Parameters;
        return KeepsNames(model) && KeepsNames(target.Config.Parameters)
            ? names
            : names.Select(name => SentName(name, [model, target.Config.Parameters])).OfType<string>().ToList();
    }

    private static bool KeepsNames(ParametersConfig parameters) => parameters is { Rename.Count: 0, Drop.Count: 0 };

    /// <summary>Only where the name differs: the client's own spelling of the same name stays.</summary>
    private static void SetModel(MemberChanges changes, JsonIndex index, Exchange exchange, TargetModel target)
    {
        var name = target.NameFor(exchange.Model!);
        if (exchange.Facts.Model != name || index.Find("model"u8).IsNull || !changes.Has("model"))
        {
            changes.Set("model", JsonText.Quote(name));
        }
    }

    /// <summary>
    /// The model's own limit, or the room that is left, where the request names none (R9); one in any case where tokens are limited.
    /// </summary>
    private static void SetTokenLimit(MemberChanges changes, Exchange exchange, TargetModel target)
    {
        var names = TokenLimits(exchange, target);
        if (names.Count > 0 && !HasAny(changes, names) &&
            (exchange.TokenLimit ?? ContextLimits.Default(exchange.Model!.Model.Config, LongestInput(exchange))) is { } limit)
        {
            changes.Set(names[0], Encoding.ASCII.GetBytes(limit.ToString(CultureInfo.InvariantCulture)));
        }
    }

    private static bool HasAny(MemberChanges changes, IReadOnlyList<string> names)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (changes.Has(names[i]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// What a backend that knows one of the names only calls it: the configuration renames or drops the other (R11). Null: it
    /// must not get it.
    /// </summary>
    private static string? SentName(string name, ReadOnlySpan<ParametersConfig> rules)
    {
        foreach (var rule in rules)
        {
            name = rule.Rename.GetValueOrDefault(name, name);
            if (rule.Drop.Contains(name))
            {
                return null;
            }
        }

        return name;
    }

    /// <summary>The exact tokens of the longest prompt, where the context length makes them matter.</summary>
    public static int? LongestInput(Exchange exchange) =>
        exchange.Model!.Model.Config.ContextLength is null ? null : exchange.Input?.Longest;

    private static void SetStream(
        MemberChanges changes, JsonIndex index, Exchange exchange, StreamPlan plan, bool takesStreamOptions)
    {
        if (plan.FromBackend != exchange.Facts.Stream)
        {
            changes.Set("stream", plan.FromBackend ? True : False);
        }

        var options = index.Find("stream_options"u8);
        if (plan.AskUsage)
        {
            if (!exchange.Facts.IncludeUsage)
            {
                changes.Set("stream_options", options.IsNull ? WithUsage : IncludeUsage(index.ValueOf(options)));
            }
        }
        else if (options.Type != JsonTokenType.None && (!takesStreamOptions || (exchange.Facts.Stream && !plan.FromBackend)))
        {
            // A backend refuses them without a stream, some refuse them at all (R28).
            changes.Remove("stream_options");
        }
    }

    /// <summary>The client's options with <c>include_usage</c> set, everything else in them as it was.</summary>
    private static byte[] IncludeUsage(ReadOnlySpan<byte> options)
    {
        var reader = new Utf8JsonReader(options);
        reader.Read();
        var isEmpty = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            isEmpty = false;
            var isOurs = reader.ValueTextEquals("include_usage"u8);
            reader.Read();
            if (isOurs)
            {
                var start = (int)reader.TokenStartIndex;
                return [.. options[..start], .. True, .. options[(int)reader.BytesConsumed..]];
            }

            reader.Skip();
        }

        var inserted = isEmpty ? "\"include_usage\":true"u8 : "\"include_usage\":true,"u8;
        return [.. "{"u8, .. inserted, .. options[1..]];
    }
}
