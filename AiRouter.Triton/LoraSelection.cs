namespace AiRouter.Triton;

/// <summary>The LoRA adapter of a request. It comes from the configuration, never from a client (R19).</summary>
/// <param name="Name">vLLM and LLM-API: the adapter's name.</param>
/// <param name="Id">TensorRT-LLM: <c>lora_task_id</c>; LLM-API: <c>lora_id</c>.</param>
/// <param name="Path">LLM-API: where the server finds the adapter.</param>
public sealed record LoraSelection(string? Name, ulong? Id, string? Path);
