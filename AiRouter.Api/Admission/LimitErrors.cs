using System.Globalization;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Core.Configuration;
using AiRouter.Core.Limits;

namespace AiRouter.Api.Admission;

/// <summary>
/// What a client is told when a limit stands in its way: which, whose, and when to try again. Nothing of what other keys use.
/// </summary>
internal static class LimitErrors
{
    /// <summary>The store is away, and the configuration says that nothing may then be used that has limits.</summary>
    public static readonly ApiError Unavailable = new(
        ErrorCause.LimitsUnavailable, "The router cannot check your limits at the moment. Please try again in a few seconds.");

    /// <summary>A budget covers a model of which nobody knows what it costs (R33).</summary>
    public static ApiError Unpriced(Exchange exchange) => new(
        ErrorCause.ModelUnpriced,
        $"The model '{exchange.PublicName}' has no price, so no budget can cover it. Ask your administrator, or use another model.",
        "model");

    /// <summary>The refusal in words.</summary>
    public static ApiError Of(Exchange exchange, RequestLimits limits, LimitRefusal refusal)
    {
        var subject = limits.Find(refusal.SubjectId);
        var whose = Whose(subject.Scope, exchange);
        var again = refusal.RetryAfter is { } wait ? $" Please try again in {RateLimitHeaders.Duration(wait)}." : "";
        var values = subject.Subject.Limits;
        var error = refusal.Kind switch
        {
            LimitKind.Requests => new ApiError(
                ErrorCause.RequestRateExceeded,
                $"Rate limit reached for {whose}: {Number(values.RequestsPerMinute)} requests per minute.{again}"),
            LimitKind.Tokens when refusal.RetryAfter is null => new ApiError(
                ErrorCause.TokenRateExceeded,
                $"Request too large for {whose}: the limit is {Number(values.TokensPerMinute)} tokens per minute, and this request may " +
                $"come to {Number(limits.Size.Tokens)} (input and token limit together). Shorten the input, or ask for fewer tokens."),
            LimitKind.Tokens => new ApiError(
                ErrorCause.TokenRateExceeded,
                $"Rate limit reached for {whose}: {Number(values.TokensPerMinute)} tokens per minute, and this request may come to " +
                $"{Number(limits.Size.Tokens)} (input and token limit together).{again}"),
            LimitKind.Concurrent when refusal.RetryAfter is null => new ApiError(
                ErrorCause.ConcurrencyExceeded,
                $"Request too large for {whose}: at most {Number(values.Concurrent)} choices are made at the same time, and this request " +
                $"asks for {Number(limits.Size.Slots)}. Ask for fewer with 'n'."),
            LimitKind.Concurrent => new ApiError(
                ErrorCause.ConcurrencyExceeded,
                $"Rate limit reached for {whose}: {Number(values.Concurrent)} requests at the same time.{again}"),
            _ => new ApiError(ErrorCause.BudgetExceeded, BudgetMessage(subject, whose, again)),
        };
        return error with
        {
            RetryAfter = refusal.RetryAfter,

            // Waiting does not help a request that is more than the limit itself.
            ShouldRetry = refusal.RetryAfter is null ? false : null,
        };
    }

    private static string BudgetMessage(LimitedSubject subject, string whose, string again)
    {
        // What a key may spend is its holder's to know; what everybody together may spend is not.
        var amount = subject is { Scope: LimitScope.Key or LimitScope.KeyModel, Subject.Budget: { } budget }
            ? $" of {budget.Usd.ToString("0.######", CultureInfo.InvariantCulture)} US dollars{Per(budget.Per)}"
            : "";
        return $"You exceeded your current quota: what is left of the budget{amount} for {whose} does not cover this request.{again}";
    }

    private static string Per(BudgetPeriod period) => period switch
    {
        BudgetPeriod.Day => " per day",
        BudgetPeriod.Week => " per week",
        BudgetPeriod.Month => " per month",
        _ => "",
    };

    private static string Whose(LimitScope scope, Exchange exchange) => scope switch
    {
        LimitScope.Key => "your key",
        LimitScope.Model => $"the model '{exchange.PublicName}'",
        LimitScope.KeyModel => $"your key and the model '{exchange.PublicName}'",
        _ => "this router",
    };

    private static string Number(long? number) => (number ?? 0).ToString(CultureInfo.InvariantCulture);
}
