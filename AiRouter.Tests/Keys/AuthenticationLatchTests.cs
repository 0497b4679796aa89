using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiRouter.Tests.Keys;

public sealed class AuthenticationLatchTests
{
    private static readonly ClientKeys None = new([]);
    private static readonly ClientKeys One = new([new ClientKey { Id = "file:a", Name = "a", Hash = new byte[32] }]);

    [Fact]
    public void Stays_open_without_keys()
    {
        var latch = Make(null);
        latch.Observe(None);

        Assert.False(latch.AnyKeyHasExisted);
    }

    [Fact]
    public void First_key_closes_it_for_good()
    {
        var latch = Make(null);
        latch.Observe(One);
        latch.Observe(None);

        Assert.True(latch.AnyKeyHasExisted);
    }

    [Fact]
    public void R1_remembers_over_a_restart_in_the_data_folder()
    {
        var folder = Path.Combine(Directory.CreateTempSubdirectory("airouter-latch-").FullName, "data");
        Make(folder).Observe(None);
        Assert.False(Make(folder).AnyKeyHasExisted);

        Make(folder).Observe(One);
        Assert.True(Make(folder).AnyKeyHasExisted);
    }

    [Fact]
    public void Data_folder_that_is_made_is_the_routers_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        var folder = Path.Combine(Directory.CreateTempSubdirectory("airouter-latch-").FullName, "data");
        Make(folder).Observe(One);

#pragma warning disable CA1416 // Skipped there.
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
#pragma warning restore CA1416
    }

    [Fact]
    public void Data_folder_that_cannot_be_written_does_not_open_it()
    {
        var file = Path.GetTempFileName();
        var latch = Make(file);
        latch.Observe(One);

        Assert.True(latch.AnyKeyHasExisted);
        File.Delete(file);
    }

    private static AuthenticationLatch Make(string? folder) =>
        new(new RouterConfigurationSource { DataFolder = folder }, NullLogger<AuthenticationLatch>.Instance);
}
