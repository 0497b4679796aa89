namespace AiRouter.Triton.Models;

/// <summary>
/// Makes sampling explicit (R12). The engine's own defaults are greedy, a fixed seed, and a temperature that has no
/// effect without top_k or top_p (<c>triton.md</c> §1.1, §3.11).
/// </summary>
internal static class Sampling
{
    /// <summary>
    /// For TensorRT-LLM: greedy is <c>top_k</c> 1; sampling has a temperature, a top_p or top_k, and a seed.
    /// </summary>
    public static GenerationRequest ForEngine(TritonModel model, GenerationRequest request, Random random)
    {
        if (!model.Supports(GenerationParameter.Temperature))
        {
            return WithSeed(model, request, random);
        }

        var isGreedy = request.Temperature == 0 || request.TopP == 0;
        if (isGreedy && model.Supports(GenerationParameter.TopK))
        {
            return request with { Temperature = null, TopP = null, TopK = 1 };
        }

        var needsTopP = !isGreedy
            && request is { TopP: null, TopK: null or <= 0 }
            && model.Supports(GenerationParameter.TopP);
        var sampled = request with
        {
            Temperature = isGreedy ? 0 : request.Temperature ?? 1,
            TopP = needsTopP ? 1 : request.TopP,
            TopK = request.TopK <= 0 ? null : request.TopK,
        };
        return isGreedy ? sampled : WithSeed(model, sampled, random);
    }

    /// <summary>For vLLM, which knows temperature 0; top_p 0 is outside its range and means greedy.</summary>
    public static GenerationRequest ForVllm(TritonModel model, GenerationRequest request, Random random)
    {
        var isGreedy = request.Temperature == 0 || request.TopP == 0;
        return isGreedy
            ? request with { Temperature = 0, TopP = null, TopK = null }
            : WithSeed(model, request with { Temperature = request.Temperature ?? 1 }, random);
    }

    // 31 bits fit every type that a release declared for the seed.
    private static GenerationRequest WithSeed(TritonModel model, GenerationRequest request, Random random) =>
        request.Seed is null && model.Supports(GenerationParameter.Seed)
            ? request with { Seed = (ulong)random.Next(1, int.MaxValue) }
            : request;
}
