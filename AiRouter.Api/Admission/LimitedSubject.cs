using System.Runtime.CompilerServices;
using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;
using AiRouter.Core.Limits;

namespace AiRouter.Api.Admission;

/// <summary>A subject with limits, and what it is. Made once for each part of a configuration, not for each request.</summary>
/// <param name="Scope">What it is.</param>
/// <param name="Subject">What the ledger counts by.</param>
internal sealed record LimitedSubject(LimitScope Scope, LimitSubject Subject)
{
    private static readonly ConditionalWeakTable<GlobalLimitsConfig, Slot> Globals = [];
    private static readonly ConditionalWeakTable<ClientKey, KeySubjects> Keys = [];
    private static readonly ConditionalWeakTable<RoutedModel, Slot> Models = [];

    /// <summary>The same without tokens and money, for requests that have neither.</summary>
    public LimitSubject? WithoutTokens { get; } =
        Subject.Limits is { RequestsPerMinute: null, Concurrent: null }
            ? null
            : new LimitSubject(
                Subject.Id,
                new LimitsConfig { RequestsPerMinute = Subject.Limits.RequestsPerMinute, Concurrent = Subject.Limits.Concurrent },
                Budget: null);

    /// <summary>Everything together; null without limits.</summary>
    public static LimitedSubject? OfAll(GlobalLimitsConfig limits) => Globals.GetValue(
        limits, static l => new Slot(Make(LimitScope.Global, "global", l, l.Budget))).Subject;

    /// <summary>A key; null without limits.</summary>
    public static LimitedSubject? OfKey(ClientKey? key) => key is null ? null : Of(key).Key;

    /// <summary>A model; null without limits.</summary>
    public static LimitedSubject? OfModel(RoutedModel model) => Models.GetValue(
        model,
        static m => new Slot(Make(LimitScope.Model, "model:" + m.Name, m.Config.Limits, m.Config.Budget))).Subject;

    /// <summary>A key's use of a model by its public name: the most specific entry counts. Null without limits.</summary>
    public static LimitedSubject? OfKeyModel(ClientKey? key, string model)
    {
        if (key is null || key.ModelLimits.Count == 0)
        {
            return null;
        }

        var subjects = Of(key).Models;
        for (var i = 0; i < subjects.Length; i++)
        {
            if (key.ModelLimits[i].Model.IsMatch(model))
            {
                return subjects[i];
            }
        }

        return null;
    }

    private static KeySubjects Of(ClientKey key) => Keys.GetValue(key, static k => new KeySubjects(
        Make(LimitScope.Key, "key:" + k.Id, k.Limits, k.Budget),
        [
            .. k.ModelLimits.Select(m => Make(
                LimitScope.KeyModel, $"key:{k.Id} model:{m.Model.Pattern}", m.Limits, m.Limits.Budget)),
        ]));

    private static LimitedSubject? Make(LimitScope scope, string id, LimitsConfig limits, BudgetConfig? budget)
    {
        var subject = new LimitSubject(id, limits, budget);
        return subject.HasLimits ? new LimitedSubject(scope, subject) : null;
    }

    private sealed record Slot(LimitedSubject? Subject);

    private sealed record KeySubjects(LimitedSubject? Key, LimitedSubject?[] Models);
}
