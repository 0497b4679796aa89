// Aspire calls the pipeline's API experimental.
#pragma warning disable ASPIREPIPELINES001, ASPIREPIPELINES004

using AiRouter.AppHost.Topology;
using Aspire.Hosting.Kubernetes.Resources;
using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.AppHost.Aspire.Publishing.Kubernetes;

/// <summary>The files of the chart that Aspire does not write, or not as they should be.</summary>
internal static class ChartFiles
{
    /// <summary>The ConfigMap with the configuration.</summary>
    public const string ConfigurationName = "airouter-config";

    /// <summary>The first version whose pods can sleep before they stop (<c>preStop.sleep</c>).</summary>
    private const string OldestKubernetes = "1.30.0";

    /// <summary>The configuration, from the file beside <c>values.yaml</c>, so that it is edited as what it is.</summary>
    public static ConfigMap ConfigMap()
    {
        // It begins with "if", because Aspire writes other expressions in quotes, and JSON has quotes of its own.
        const string File = $".Files.Get \"{ConfigurationFile.Name}\"";
        return new ConfigMap
        {
            Metadata = { Name = ConfigurationName },
            Data = { [ConfigurationFile.Name] = $"{{{{ if {File} }}}}{{{{ {File} | toJson }}}}{{{{ end }}}}" },
        };
    }

    /// <summary>Makes the folder of the chart a chart: without files of an earlier one, with the configuration, and with our images.</summary>
    public static void AddChartFiles(
        this IDistributedApplicationBuilder builder,
        PublishedRouter router,
        PublishOptions options,
        ConfigurationFile configuration,
        string environment)
    {
        builder.Pipeline.AddStep("clear-chart", Clear, dependsOn: WellKnownPipelineSteps.PublishPrereq, requiredBy: $"publish-{environment}");
        builder.Pipeline.AddStep(
            "complete-chart",
            context => CompleteAsync(context, Images(router, options), configuration),
            dependsOn: $"publish-{environment}",
            requiredBy: WellKnownPipelineSteps.Publish);
    }

    // Helm would install what an earlier chart had and this one has not.
    private static Task Clear(PipelineStepContext context)
    {
        var templates = Path.Combine(Folder(context), "templates");
        if (Directory.Exists(templates))
        {
            Directory.Delete(templates, recursive: true);
        }

        return Task.CompletedTask;
    }

    private static async Task CompleteAsync(
        PipelineStepContext context, IReadOnlyDictionary<string, string> images, ConfigurationFile configuration)
    {
        var folder = Folder(context);
        await File.WriteAllTextAsync(Path.Combine(folder, ConfigurationFile.Name), configuration.Text, context.CancellationToken);

        await ReplaceAsync(
            Path.Combine(folder, "Chart.yaml"),
            [new("kubeVersion: \">= 1.18.0-0\"", $"kubeVersion: \">= {OldestKubernetes}-0\"")],
            context.CancellationToken);
        await ReplaceAsync(
            Path.Combine(folder, "values.yaml"),
            [.. images.Select(static image => new KeyValuePair<string, string>(
                $"{image.Key}_image: \"{image.Key}:latest\"", $"{image.Key}_image: \"{image.Value}\""))],
            context.CancellationToken);
    }

    private static async Task ReplaceAsync(
        string path, IReadOnlyList<KeyValuePair<string, string>> lines, CancellationToken cancellationToken)
    {
        var text = await File.ReadAllTextAsync(path, cancellationToken);
        foreach (var (aspires, ours) in lines)
        {
            if (!text.Contains(aspires, StringComparison.Ordinal))
            {
                throw new DistributedApplicationException(
                    $"{Path.GetFileName(path)} has no line '{aspires}', which should become '{ours}'.");
            }

            text = text.Replace(aspires, ours, StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(path, text, cancellationToken);
    }

    // Aspire names images after resources, with the tag latest.
    private static Dictionary<string, string> Images(PublishedRouter router, PublishOptions options)
    {
        var images = new Dictionary<string, string>
        {
            [Wiring.Resources.Api] = options.ImageOf(Wiring.Images.Api),
            [Wiring.Resources.Admin] = options.ImageOf(Wiring.Images.Admin),
        };
        if (router.Simulator is not null)
        {
            images[Wiring.Resources.Triton] = options.ImageOf(Wiring.Images.Simulator);
        }

        return images;
    }

    private static string Folder(PipelineStepContext context) =>
        context.Services.GetRequiredService<IPipelineOutputService>().GetOutputDirectory();
}
