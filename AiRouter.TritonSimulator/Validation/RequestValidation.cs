using AiRouter.Triton.Contract;
using AiRouter.TritonSimulator.Tensors;

namespace AiRouter.TritonSimulator.Validation;

/// <summary>Checks a whole request, in the order in which the server does, and decodes its inputs on the way.</summary>
internal static class RequestValidation
{
    public static RequestError? Check(ModelInferRequest request, ModelConfig model, List<InputTensor> inputs)
    {
        var prefix = $"[request id: {(request.Id.Length == 0 ? "<id_unknown>" : request.Id)}] ";
        return ParameterValidation.Check(request)
            ?? CheckDuplicates(request.Inputs.Select(input => input.Name), "input", prefix)
            ?? CheckDuplicates(request.Outputs.Select(output => output.Name), "output", prefix)
            ?? ReadInputs(request, inputs)
            ?? CheckOutputs(request, model)
            ?? CheckCount(inputs, model, prefix)
            ?? CheckBatch(inputs, model, prefix)
            ?? CheckTensors(inputs, model, prefix);
    }

    private static RequestError? CheckDuplicates(IEnumerable<string> names, string kind, string prefix)
    {
        var seen = new HashSet<string>();
        foreach (var name in names)
        {
            if (!seen.Add(name))
            {
                return RequestError.Invalid($"{prefix}{kind} '{name}' already exists in request");
            }
        }

        return null;
    }

    private static RequestError? ReadInputs(ModelInferRequest request, List<InputTensor> inputs)
    {
        var raw = 0;
        foreach (var input in request.Inputs)
        {
            ReadOnlyMemory<byte> content;
            if (input.Contents is not null)
            {
                if (request.RawInputContents.Count > 0)
                {
                    return RequestError.Invalid(
                        "contents field must not be specified when using raw_input_contents for "
                        + $"'{input.Name}' for model '{request.ModelName}'");
                }

                (content, var error) = TensorContents.Read(input, request.ModelName);
                if (error is not null)
                {
                    return error;
                }
            }
            else if (raw < request.RawInputContents.Count)
            {
                content = request.RawInputContents[raw++].Memory;
            }
            else
            {
                return RequestError.Invalid(
                    $"unable to find data for input tensor '{input.Name}' for model '{request.ModelName}' in request.");
            }

            inputs.Add(new InputTensor(input.Name, input.Datatype, [.. input.Shape], content));
        }

        return null;
    }

    private static RequestError? CheckOutputs(ModelInferRequest request, ModelConfig model)
    {
        foreach (var output in request.Outputs)
        {
            if (!model.Output.Any(declared => declared.Name == output.Name))
            {
                return RequestError.Invalid($"unexpected inference output '{output.Name}' for model '{model.Name}'");
            }
        }

        return null;
    }

    /// <summary>The server only counts: an optional input makes up for a required one that is missing.</summary>
    private static RequestError? CheckCount(List<InputTensor> inputs, ModelConfig model, string prefix)
    {
        var required = model.Input.Count(input => !input.Optional);
        if (inputs.Count >= required && inputs.Count <= model.Input.Count)
        {
            return null;
        }

        var missing = model.Input
            .Where(declared => !declared.Optional && inputs.All(input => input.Name != declared.Name))
            .Select(declared => declared.Name);
        var expected = required == model.Input.Count
            ? $"expected {required} inputs"
            : $"expected number of inputs between {required} and {model.Input.Count}";
        return RequestError.Invalid(
            $"{prefix}{expected} but got {inputs.Count} inputs for model '{model.Name}'. Got input(s) "
            + $"{List(inputs.Select(input => input.Name), "[]")}, but missing required input(s) {List(missing, "]")}. "
            + "Please provide all required input(s).");
    }

    /// <summary>The server cuts the last character off before it closes the bracket, also when there is no comma.</summary>
    private static string List(IEnumerable<string> names, string whenEmpty)
    {
        var quoted = string.Join(',', names.Select(name => $"'{name}'"));
        return quoted.Length == 0 ? whenEmpty : $"[{quoted}]";
    }

    private static RequestError? CheckBatch(List<InputTensor> inputs, ModelConfig model, string prefix)
    {
        var batch = 0L;
        foreach (var input in inputs)
        {
            if (!model.Input.Any(declared => declared.Name == input.Name))
            {
                return RequestError.Invalid($"unexpected inference input '{input.Name}' for model '{model.Name}'");
            }

            if (model.MaxBatchSize == 0)
            {
                continue;
            }

            if (input.Shape.Count == 0)
            {
                return RequestError.Invalid(
                    $"{prefix}input '{input.Name}' has no shape but model requires batch dimension for '{model.Name}'");
            }

            if (batch != 0 && input.Shape[0] != batch)
            {
                return RequestError.Invalid(
                    $"{prefix}input '{input.Name}' batch size does not match other inputs for '{model.Name}'");
            }

            batch = input.Shape[0];
        }

        return batch <= model.MaxBatchSize
            ? null
            : RequestError.Invalid(
                $"{prefix}inference request batch-size must be <= {model.MaxBatchSize} for '{model.Name}'");
    }

    private static RequestError? CheckTensors(List<InputTensor> inputs, ModelConfig model, string prefix)
    {
        foreach (var input in inputs)
        {
            var expected = model.Input.First(declared => declared.Name == input.Name);
            if (TensorValidation.Check(input, expected, model, prefix) is { } error)
            {
                return error;
            }
        }

        return null;
    }
}
