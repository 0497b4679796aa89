using System.Net;
using AiRouter.Admin;
using AiRouter.ServiceDefaults;

// For container runtimes: asks the Admin that listens here whether it is ready.
if (args is [HealthQuestion.Command, ..])
{
    var address = ListeningSetting.Of(null, AdminHost.DefaultUrl);
    return await HealthQuestion.AskAsync(address, DefaultEndpoints.ReadyPath, HttpVersion.Version11, Console.Error, CancellationToken.None);
}

// Everything that is configured comes from the environment: where the store is, the first admin's key, the key that encrypts.
var (options, problem) = AdminOptions.FromEnvironment(AdminOptions.Variables());
if (options is null)
{
    return StartFailure.Tell(problem!);
}

try
{
    var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    builder.AddAdmin(options);

    await using var app = builder.Build();
    app.UseAdmin();
    await app.StartAsync();
    await app.WaitForShutdownAsync();
    return 0;
}
catch (Exception failure) when (StartFailure.Why(failure) is { } why)
{
    return StartFailure.Tell(why);
}
