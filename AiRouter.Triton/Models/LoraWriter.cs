using System.Text;
using AiRouter.Triton.Protocol;

namespace AiRouter.Triton.Models;

/// <summary>
/// Writes the LoRA adapter of a request (R19): <c>lora_task_id</c> (TensorRT-LLM; the weights are loaded by the
/// operator), or
/// <c>lora_id</c>, <c>lora_name</c> and <c>lora_path</c>, all three together (LLM-API).
/// </summary>
internal static class LoraWriter
{
    public static bool Supports(TritonModel model) =>
        model.FindInput("lora_task_id") is not null
        || (model.FindInput("lora_id") is not null
            && model.FindInput("lora_name") is not null
            && model.FindInput("lora_path") is not null);

    public static TritonFailure? Write(TritonModel model, LoraSelection lora, InferRequest target)
    {
        if (model.FindInput("lora_task_id") is { } task)
        {
            return lora.Id is { } taskId && target.AddInteger(task, taskId)
                ? null
                : GenerationChecks.Invalid(GenerationParameter.Lora, "needs an id that fits lora_task_id");
        }

        if (model.FindInput("lora_id") is not { } id
            || model.FindInput("lora_name") is not { } name
            || model.FindInput("lora_path") is not { } path)
        {
            return GenerationChecks.Unsupported(GenerationParameter.Lora);
        }

        if (lora is not { Id: { } number, Name: { } loraName, Path: { } loraPath } || !target.AddInteger(id, number))
        {
            return GenerationChecks.Invalid(GenerationParameter.Lora, "needs an id, a name and a path");
        }

        target.AddText(name, Encoding.UTF8.GetBytes(loraName));
        target.AddText(path, Encoding.UTF8.GetBytes(loraPath));
        return null;
    }
}
