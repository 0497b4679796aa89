using System.Globalization;
using System.Text.RegularExpressions;
using AiRouter.AppHost.Topology;
using AiRouter.ServiceDefaults;

namespace AiRouter.Tests.Deploy.Containers;

/// <summary>The images are what <see cref="Wiring"/> says, with Docker and with the SDK, and need no shell and no root.</summary>
public sealed partial class DockerfileTests
{
    private const string ManagedBase = "mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled";
    private const string NativeBase = "mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled";

    private static readonly string _user = string.Create(CultureInfo.InvariantCulture, $"{Wiring.Images.User}:{Wiring.Images.User}");

    public static TheoryData<string> Projects => OurImage.Projects;

    [Theory]
    [MemberData(nameof(Projects))]
    public void Image_is_wired_as_everything_else(string project)
    {
        var (expected, image) = (OurImage.Of(project), Dockerfile.Of(project).Image);

        Assert.Equal(expected.IsNative ? NativeBase : ManagedBase, image.Base);
        Assert.Equal(_user, image.One("USER"));
        Assert.Equal(expected.Environment, image.Pairs("ENV"));
        Assert.Equal(expected.Ports.Select(Text), image.One("EXPOSE").Split(' '));
        Assert.Equal(OurImage.Tag, image.Pairs("LABEL")["org.opencontainers.image.version"]);
        Assert.Equal([expected.Program], image.Exec("ENTRYPOINT"));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Image_needs_no_shell_and_no_root(string project)
    {
        var dockerfile = Dockerfile.Of(project);
        var image = dockerfile.Image;

        // There is no shell: nothing can be run while the image is made, and everything that runs later is in exec form.
        Assert.Equal(2, dockerfile.Stages.Count);
        Assert.Empty(image.All("RUN"));
        Assert.Equal([OurImage.Of(project).Program, HealthQuestion.Command], image.Exec("HEALTHCHECK"));

        // What the program is made of belongs to root: who takes over the process cannot change it.
        Assert.DoesNotContain(image.All("COPY"), static copy =>
            copy.Contains("--chown", StringComparison.Ordinal) && !copy.EndsWith(" /out/root /", StringComparison.Ordinal));
        Assert.True(
            image.Instructions.FindIndex(static i => i.Keyword == "COPY") < image.Instructions.FindIndex(static i => i.Keyword == "USER"));
    }

    [Fact]
    public void Router_has_its_sample_and_a_private_folder_to_write_to()
    {
        var dockerfile = Dockerfile.Of("AiRouter.Api");

        Assert.Contains($"--from=build /out/config {Wiring.Folders.Configuration}", dockerfile.Image.All("COPY"));

        // For everybody to read, whatever umask the checkout was made with.
        Assert.Contains(dockerfile.Build.All("RUN"), static run =>
            run.Contains("install -D -m 0644 airouter.yaml /out/config/airouter.yaml", StringComparison.Ordinal)
            && run.Contains("chmod -R a+rX /out/app", StringComparison.Ordinal));
        Assert.Equal(Wiring.Folders.Data, dockerfile.Image.One("VOLUME"));
        Assert.Contains(dockerfile.Build.All("RUN"), static run => run.Contains("mkdir -m 0700 /out/root/data", StringComparison.Ordinal));
        Assert.Contains($"--from=build --chown={_user} /out/root /", dockerfile.Image.All("COPY"));
    }

    /// <summary>Restore sees project files alone: one that is missing breaks it, one too many is restored for nothing.</summary>
    [Theory]
    [MemberData(nameof(Projects))]
    public void Packages_are_restored_from_the_project_files_that_are_needed(string project)
    {
        var build = Dockerfile.Of(project).Build;

        Assert.Equal(OurImage.Of(project).IsNative ? "mcr.microsoft.com/dotnet/sdk:10.0-noble-aot" : "mcr.microsoft.com/dotnet/sdk:10.0", build.Base);
        Assert.Equal(
            ProjectFile.Closure(project).Order(),
            build.All("COPY").Select(static copy => ProjectFiles().Match(copy)).Where(static m => m.Success)
                .Select(static m => m.Groups[1].Value).Order());
    }

    /// <summary>Without it, restore that sees no .razor file leaves out blazor.web.js, and the pages are dead.</summary>
    [Fact]
    public void Admin_asks_for_the_script_of_its_pages() =>
        Assert.Equal("true", ProjectFile.Of("AiRouter.Admin").Property("RequiresAspNetWebAssets"));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Image_of_the_SDK_is_the_same(string project)
    {
        var (expected, file) = (OurImage.Of(project), ProjectFile.Of(project));

        Assert.Equal(expected.Name, file.Property("ContainerRepository"));
        Assert.Equal([NativeBase, ManagedBase], file.Properties("ContainerBaseImage"));
        Assert.Equal("$(Version)", file.Property("ContainerImageTag"));
        Assert.Equal(_user, file.Property("ContainerUser"));
        Assert.Equal(expected.Ports.Select(Text), file.Items("ContainerPort").Select(static port => port.Include));
        Assert.Equal(
            expected.Environment,
            file.Items("ContainerEnvironmentVariable").ToDictionary(static v => v.Include, static v => v.Value!));
        Assert.Equal(Dockerfile.Of(project).Image.Pairs("LABEL")["org.opencontainers.image.title"], file.Property("ContainerTitle"));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(AiRouter\.\w+)/\*\.csproj \1/$")]
    private static partial Regex ProjectFiles();
}
