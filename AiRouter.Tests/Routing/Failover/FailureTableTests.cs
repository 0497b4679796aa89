using AiRouter.Api.Errors;
using AiRouter.Api.Health;
using AiRouter.Api.Routing.Failover;
using AiRouter.Core.Configuration;
using static AiRouter.Api.Errors.AttemptStage;
using static AiRouter.Api.Errors.ErrorCause;
using static AiRouter.Api.Health.TargetOutcome;
using static AiRouter.Api.Routing.Failover.RetryRule;
using static AiRouter.Core.Configuration.BackendKind;

namespace AiRouter.Tests.Routing.Failover;

/// <summary>The table of failures, row by row: rule, stage, cause, status, kind → what it says about the target, and about trying again.</summary>
public sealed class FailureTableTests
{
    private const BackendKind Grpc = BackendKind.Triton;

    private static readonly Row[] All =
    [
        // R26: connect failure, whatever the kind.
        new("R26", Connecting, BackendUnreachable, null, OpenAi, Failure, NotSent),
        new("R26", Connecting, BackendUnreachable, null, Grpc, Failure, NotSent),
        new("R26", Connecting, BackendMisconfigured, null, OpenAi, Failure, NotSent),

        // R26: reset before headers; R25: after it one other target only.
        new("R25", Sent, BackendUnreachable, null, OpenAi, Failure, Reset),
        new("R25", Sent, BackendStreamBroken, null, Grpc, Failure, Reset),
        new("R25", Answered, BackendStreamBroken, null, OpenAi, Failure, Reset),

        // R26: 429, 500, 502, 503, and no other 5xx.
        new("R26", Answered, BackendOverloaded, 429, OpenAi, Overloaded, Refused),
        new("R26", Answered, BackendError, 500, OpenAi, Failure, Refused),
        new("R26", Answered, BackendError, 502, OpenAi, Failure, Refused),
        new("R26", Answered, BackendError, null, OpenAi, Failure, Refused),
        new("R26", Answered, BackendOverloaded, 503, OpenAi, Failure, Refused),
        new("R26", Answered, BackendOverloaded, 529, OpenAi, Failure, Refused),
        new("R26", Answered, BackendError, 501, OpenAi, Failure, Never),
        new("R26", Answered, BackendError, 507, OpenAi, Failure, Never),
        new("R26", Answered, BackendOverloaded, null, Grpc, Overloaded, Refused),
        new("R26", Answered, BackendUnavailable, null, Grpc, Failure, Refused),

        // R26: timeouts are tried again only where the configuration says so.
        new("R26", Sent, BackendTimeout, null, OpenAi, Failure, RetryRule.Timeout),
        new("R26", Answered, BackendTimeout, null, OpenAi, Failure, RetryRule.Timeout),
        new("R26", Answered, BackendTimeout, 504, OpenAi, Failure, RetryRule.Timeout),
        new("R26", Sent, BackendTimeout, null, Grpc, Failure, RetryRule.Timeout),

        // R25: what Triton says without a class is nobody's fault that one could name.
        new("R25", Answered, BackendError, null, Grpc, Unknown, Never),
        new("R25", Answered, BackendProtocol, null, Grpc, Unknown, Never),
        new("R25", Answered, BackendStreamBroken, null, Grpc, Unknown, Never),

        // R24: the operator's problem.
        new("R24", Answered, BackendMisconfigured, null, OpenAi, Unknown, Never),
        new("R24", Answered, BackendMisconfigured, null, Grpc, Unknown, Never),
        new("R24", Answered, BackendQuota, null, OpenAi, Overloaded, Refused),

        // 4xx is the request's own.
        new("4xx", Answered, BackendRejected, 400, OpenAi, Success, Never),
        new("4xx", Answered, BackendRejected, 404, OpenAi, Success, Never),
        new("4xx", Answered, BackendRejected, 422, OpenAi, Success, Never),
        new("4xx", Answered, ContextLengthExceeded, null, Grpc, Success, Never),
        new("4xx", Answered, InvalidRequest, null, Grpc, Unknown, Never),
        new("4xx", Answered, UnsupportedParameter, null, Grpc, Unknown, Never),

        // An answer that is none.
        new("garbage", Answered, BackendProtocol, null, OpenAi, Failure, Never),

        // Nothing that the router says itself, and nothing of a client that has gone.
        new("own", None, BudgetExceeded, null, OpenAi, Unknown, Never),
        new("own", None, ContextLengthExceeded, null, OpenAi, Unknown, Never),
        new("own", None, UnsupportedParameter, null, Grpc, Unknown, Never),
        new("own", Answered, OutOfBuffers, null, OpenAi, Unknown, Never),
        new("gone", Connecting, ClientGone, null, OpenAi, Unknown, Never),
        new("gone", Sent, ClientGone, null, Grpc, Unknown, Never),
        new("gone", Answered, ClientGone, null, OpenAi, Unknown, Never),
    ];

    public static TheoryData<string> Rows => [.. All.Select(r => r.Name)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void R24_R25_R26_failure_means_what_its_row_says(string name)
    {
        var row = All.Single(r => r.Name == name);

        var verdict = FailureTable.Judge(row.Error, row.Kind, forwardsCredential: false);

        Assert.Equal(new FailureVerdict(row.Outcome, row.Retry), verdict);
    }

    [Fact]
    public void Limit_of_the_clients_own_credential_is_not_the_targets()
    {
        var limited = new ApiError(BackendOverloaded, "") { Stage = Answered, Status = 429 };

        Assert.Equal(new FailureVerdict(Success, Refused), FailureTable.Judge(limited, OpenAi, forwardsCredential: true));
    }

    [Fact]
    public void Every_cause_has_a_verdict_at_every_stage()
    {
        foreach (var cause in Enum.GetValues<ErrorCause>())
        {
            foreach (var stage in Enum.GetValues<AttemptStage>())
            {
                foreach (var kind in Enum.GetValues<BackendKind>())
                {
                    var verdict = FailureTable.Judge(new ApiError(cause, "") { Stage = stage }, kind, forwardsCredential: false);

                    // Who is tried again has failed, or has too much to do; and what nobody was asked says nothing.
                    Assert.True(verdict.Retry == Never || verdict.Outcome is Failure or Overloaded, $"{stage} {cause} {kind}");
                    Assert.True(stage != None || verdict.Outcome == Unknown, $"{stage} {cause} {kind}");
                }
            }
        }
    }

    private sealed record Row(
        string Rule, AttemptStage Stage, ErrorCause Cause, int? Status, BackendKind Kind, TargetOutcome Outcome, RetryRule Retry)
    {
        public string Name => $"{Rule}: {Stage} {Cause} {Status} {Kind}";

        public ApiError Error => new(Cause, "") { Stage = Stage, Status = Status };
    }
}
