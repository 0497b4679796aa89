using AiRouter.Admin.Authentication;
using AiRouter.Admin.Management.Configuration;
using AiRouter.Admin.Management.Failures;
using AiRouter.Core.Administration;
using AiRouter.Core.Configuration;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.Management;

/// <summary>Sections of the document, as their pages edit them.</summary>
public sealed class SectionEditorTests(StoreServers servers)
{
    private static readonly AdminIdentity Ann = new("ann", AdminRole.Editor, false);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Section_is_saved_beside_what_somebody_else_changed_elsewhere_and_not_over_what_he_changed_in_it()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        await admin.PutConfigurationAsync();
        var sections = admin.Services.GetRequiredService<SectionEditor>();
        var read = (await sections.ReadAsync(DocumentParts.Server, Cancelled)).Value!;

        await admin.PutConfigurationAsync("http://127.0.0.1:8/v1");
        var saved = await sections.SaveAsync(
            DocumentParts.Server, read.Value, read.Value with { MaxBodyMiB = 8 }, " smaller ", Ann, Cancelled);
        var late = await sections.SaveAsync(DocumentParts.Server, read.Value, read.Value with { MaxBodyMiB = 9 }, null, Ann, Cancelled);

        Assert.Equal((3, true), (saved.Value!.Version, saved.Value.IsChanged));
        Assert.Equal(FailureKind.Conflict, late.Failure!.Kind);
        var now = (await sections.ReadAsync(DocumentParts.Server, Cancelled)).Value!;
        Assert.Equal((8, "http://127.0.0.1:8/v1"), (now.Value.MaxBodyMiB, now.Standing.Config.Backends["up"].Url.OriginalString));
        Assert.Equal("smaller", (string?)(await admin.Http.ReadAsync("config/history"))["items"]![0]!["comment"]);
    }

    [Fact]
    public async Task What_is_wrong_with_a_section_is_told_by_path()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        await admin.PutConfigurationAsync();
        var sections = admin.Services.GetRequiredService<SectionEditor>();

        var saved = await sections.SaveAsync(
            DocumentParts.Defaults, new DefaultsConfig(), new DefaultsConfig { Chat = "nobody" }, null, Ann, Cancelled);

        Assert.Equal("defaults.chat", Assert.Single(saved.Failure!.Errors).Path);
    }
}
