using AiRouter.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace AiRouter.Tests.ServiceDefaults;

public sealed class ListeningSettingTests
{
    private const string Otherwise = "http://127.0.0.1:3000";

    [Theory]
    [InlineData(null, Otherwise)]
    [InlineData("--urls=http://127.0.0.1:4000", "http://127.0.0.1:4000")]
    [InlineData("--http_ports=4000", null)]
    public void Process_listens_where_it_is_told_to_and_otherwise_where_the_documents_say(string? argument, string? urls)
    {
        var builder = WebApplication.CreateSlimBuilder(argument is null ? [] : [argument]);

        builder.ListenByDefault(Otherwise);

        Assert.Equal(urls, builder.WebHost.GetSetting(WebHostDefaults.ServerUrlsKey));
    }
}
