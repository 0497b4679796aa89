using AiRouter.Api.Backends.Triton;
using AiRouter.Api.Errors;
using AiRouter.Triton;

namespace AiRouter.Tests.Backends.Triton;

public sealed class TritonErrorsTests
{
    public static TheoryData<TritonFailureKind, int> Statuses => new()
    {
        { TritonFailureKind.Unreachable, 502 },
        { TritonFailureKind.ConnectTimeout, 502 },
        { TritonFailureKind.FirstResponseTimeout, 504 },
        { TritonFailureKind.IdleTimeout, 504 },
        { TritonFailureKind.DeadlineExceeded, 504 },
        { TritonFailureKind.Reset, 502 },
        { TritonFailureKind.ModelNotFound, 502 },
        { TritonFailureKind.ModelNotReady, 503 },
        { TritonFailureKind.ContextLengthExceeded, 400 },
        { TritonFailureKind.ContractMismatch, 502 },
        { TritonFailureKind.Overloaded, 503 },
        { TritonFailureKind.Unavailable, 503 },
        { TritonFailureKind.Unsupported, 400 },
        { TritonFailureKind.InvalidRequest, 400 },
        { TritonFailureKind.Cancelled, 502 },
        { TritonFailureKind.Malformed, 502 },
        { TritonFailureKind.MessageTooLarge, 502 },
        { TritonFailureKind.NoTriton, 502 },
        { TritonFailureKind.Unauthenticated, 502 },
        { TritonFailureKind.Unclassified, 502 },
    };

    [Theory]
    [MemberData(nameof(Statuses))]
    public void Failure_has_its_status_and_none_of_the_servers_words(TritonFailureKind kind, int status)
    {
        var error = TritonErrors.Of(new TritonFailure(kind, "secret words"));

        Assert.Equal(status, error.EffectiveStatus);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
        Assert.Equal("secret words", error.Detail);
    }

    [Fact]
    public void Every_kind_of_failure_is_in_the_table() =>
        Assert.Equal(Enum.GetValues<TritonFailureKind>().Order(), Statuses.Select(row => row.Data.Item1).Order());

    [Fact]
    public void R19_a_refused_adapter_is_the_operators_problem() => Assert.Equal(
        ErrorCause.BackendMisconfigured,
        TritonErrors.Of(new TritonFailure(TritonFailureKind.InvalidRequest, "LoRA", GenerationParameter.Lora)).Cause);

    [Fact]
    public void Failure_of_a_parameter_names_it_as_clients_do() => Assert.Equal(
        "top_logprobs",
        TritonErrors.Of(new TritonFailure(TritonFailureKind.Unsupported, "", GenerationParameter.TopLogProbs)).Param);
}
