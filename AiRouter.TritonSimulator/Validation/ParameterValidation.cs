using AiRouter.Triton.Contract;
using Choice = AiRouter.Triton.Contract.InferParameter.ParameterChoiceOneofCase;

namespace AiRouter.TritonSimulator.Validation;

/// <summary>The checks on request parameters, in the server's words.</summary>
internal static class ParameterValidation
{
    public const string EmptyFinalResponse = "triton_enable_empty_final_response";

    public static RequestError? Check(ModelInferRequest request)
    {
        foreach (var (name, value) in request.Parameters)
        {
            if (Check(name, value) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    private static RequestError? Check(string name, InferParameter value)
    {
        var type = value.ParameterChoiceCase;
        switch (name)
        {
            case "sequence_id":
                return Expect(type is Choice.Int64Param or Choice.StringParam, name, "int64_param or string_param");
            case "sequence_start" or "sequence_end" or EmptyFinalResponse:
                return Expect(type is Choice.BoolParam, name, "bool_param");
            case "priority":
                return type is Choice.Int64Param && value.Int64Param < 0
                    ? RequestError.Invalid("invalid value for 'priority', expected value >= 0.")
                    : Expect(type is Choice.Int64Param or Choice.Uint64Param, name, "int64_param or uint64_param");
            case "timeout":
                return Expect(type is Choice.Int64Param, name, "int64_param");
        }

        if (name.StartsWith("triton_", StringComparison.Ordinal))
        {
            return RequestError.Invalid(
                "parameter keys starting with 'triton_' are reserved for Triton usage. Only the following keys starting "
                + $"with 'triton_' are allowed: {EmptyFinalResponse}");
        }

        return Expect(
            type is Choice.Int64Param or Choice.BoolParam or Choice.StringParam or Choice.DoubleParam,
            name,
            "int64_param, bool_param, or string_param");
    }

    private static RequestError? Expect(bool right, string name, string types)
    {
        return right
            ? null
            : RequestError.Invalid($"invalid value type for '{name}' parameter, expected {types}.");
    }
}
