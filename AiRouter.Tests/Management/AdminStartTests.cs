using System.Diagnostics;
using AiRouter.Admin;

namespace AiRouter.Tests.Management;

/// <summary>What Admin needs to start, in one sentence each (R34).</summary>
public sealed class AdminStartTests
{
    [Fact]
    public void Without_a_store_it_says_what_it_needs() => Assert.Equal(
        "Admin needs the store that the routers share: set ConnectionStrings__redis (such as localhost:6379).",
        AdminOptions.FromEnvironment(new Dictionary<string, string>()).Problem);

    [Fact]
    public void With_a_wrong_encryption_key_it_says_so_without_the_key()
    {
        var (options, problem) = AdminOptions.FromEnvironment(new Dictionary<string, string>
        {
            ["ConnectionStrings__redis"] = "localhost",
            ["AIROUTER_ENCRYPTION_KEY"] = "my-secret",
        });

        Assert.Null(options);
        Assert.StartsWith("AIROUTER_ENCRYPTION_KEY must be 32 random bytes", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("my-secret", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("api:3000")]
    [InlineData("/v1")]
    [InlineData("ftp://api")]
    [InlineData("http://me:my-secret@api")]
    public void With_a_wrong_address_of_the_router_it_says_so(string address)
    {
        var (options, problem) = AdminOptions.FromEnvironment(new Dictionary<string, string>
        {
            ["ConnectionStrings__redis"] = "localhost",
            ["AIROUTER_API_URL"] = address,
        });

        Assert.Null(options);
        Assert.Equal("AIROUTER_API_URL must be a URL without credentials, such as http://api:3000.", problem);
    }

    [Fact]
    public async Task Process_ends_with_that_sentence()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardError = true, RedirectStandardOutput = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "AiRouter.Admin.dll"));
        start.Environment.Remove("ConnectionStrings__redis");
        using var process = Process.Start(start)!;

        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, process.ExitCode);
        Assert.Equal(
            "airouter-admin: Admin needs the store that the routers share: set ConnectionStrings__redis (such as localhost:6379).", error.Trim());
    }
}
