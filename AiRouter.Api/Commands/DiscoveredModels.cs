using System.Text;
using AiRouter.Core.Json;
using AiRouter.Triton.Models;

namespace AiRouter.Api.Commands;

/// <summary>A configuration for what a Triton server has.</summary>
internal static class DiscoveredModels
{
    private const string Backend = "triton";

    /// <summary>The models that are loaded and can be called, under their own names; parts of other models are left out.</summary>
    public static string ToYaml(Uri address, IReadOnlyList<RepositoryModel> models)
    {
        var servable = models.Where(static model => model is { IsReady: true, IsServable: true }).ToList();
        var yaml = new StringBuilder($"""
            # Made by "discover" from the models of this Triton server.
            backends:
              {Backend}:
                kind: triton
                url: {Quoted(address.GetLeftPart(UriPartial.Authority))}
            models:

            """);
        foreach (var model in servable)
        {
            var operations = model.Kind switch
            {
                ModelKind.Embeddings => "embeddings",
                ModelKind.Transcription => "transcriptions, translations",
                _ => "chat, completions",
            };
            yaml.Append($"  {Quoted(model.Name)}: {{ operations: [{operations}], targets: [{{ backend: {Backend} }}] }}\n");
        }

        yaml.Append("defaults:\n");

        // The order of the kinds is the order of preference: an ensemble before a model that may be a test's.
        if (servable.Where(static model => model.Kind is not (ModelKind.Embeddings or ModelKind.Transcription)).MinBy(static model => model.Kind) is { } text)
        {
            yaml.Append($"  chat: {Quoted(text.Name)}\n  completions: {Quoted(text.Name)}\n");
        }

        if (servable.Find(static model => model.Kind == ModelKind.Embeddings) is { } embeddings)
        {
            yaml.Append($"  embeddings: {Quoted(embeddings.Name)}\n");
        }

        if (servable.Find(static model => model.Kind == ModelKind.Transcription) is { } transcriptions)
        {
            yaml.Append($"  transcriptions: {Quoted(transcriptions.Name)}\n");
        }

        return yaml.ToString();
    }

    // A JSON string is a YAML string, whatever is in the name.
    private static string Quoted(string text) => Encoding.UTF8.GetString(JsonBytes.Of(text));
}
