using System.Net;
using AiRouter.AppHost.Options;
using AiRouter.AppHost.Topology;

namespace AiRouter.Tests.AppHost;

public sealed class CommandLineTests
{
    [Fact]
    public void Nothing_given_means_loopback_and_the_ports_of_the_documentation()
    {
        var options = Parse();

        Assert.Equal<(int, int, int?, int, IPAddress)>(
            (3000, 3001, null, 8001, IPAddress.Loopback),
            (options.Port, options.AdminPort, options.RedisPort, options.TritonPort, options.Listen));
        Assert.Equal((null, null, null, null), (options.ConfigFile, options.Triton, options.Redis, options.DataFolder));
    }

    [Theory]
    [InlineData("--port", "4000")]
    [InlineData("--port=4000")]
    public void Values_follow_a_space_or_an_equals_sign(params string[] args) => Assert.Equal(4000, Parse(args).Port);

    [Fact]
    public void Store_and_Admin_have_options_of_their_own()
    {
        var options = Parse("--redis", "redis-1:6379,password=a=b", "--redis-port=4002", "--admin-port", "4001", "--data", "/d");

        Assert.Equal(
            ("redis-1:6379,password=a=b", 4002, 4001, Path.GetFullPath("/d")),
            (options.Redis, options.RedisPort, options.AdminPort, options.DataFolder));
    }

    [Theory]
    [InlineData("http://gpu-1:8001", "http://gpu-1:8001/")]
    [InlineData("https://gpu-1:8001", "https://gpu-1:8001/")]
    [InlineData("gpu-1:8001", "http://gpu-1:8001/")]
    public void Triton_may_be_named_without_a_scheme(string value, string expected) =>
        Assert.Equal(new Uri(expected), Parse("--triton", value).Triton);

    [Fact]
    public void Triton_and_Redis_may_be_named_by_what_stands_behind_them()
    {
        static (TritonBacking?, RedisBacking?) Backings(params string[] args)
        {
            var options = Parse(args);
            return (options.TritonBacking, options.RedisBacking);
        }

        Assert.Equal((null, null), Backings());
        Assert.Equal((TritonBacking.Simulator, RedisBacking.Embedded), Backings("--triton", "simulator", "--redis", "embedded"));
        Assert.Equal((TritonBacking.Container, RedisBacking.Container), Backings("--triton=container", "--redis=container"));
        Assert.Equal((TritonBacking.External, RedisBacking.External), Backings("--triton", "gpu-1:8001", "--redis", "redis-1"));
    }

    [Fact]
    public void Last_of_two_wishes_counts()
    {
        var options = Parse("--triton", "gpu-1", "--triton", "simulator", "--redis", "redis-1", "--redis", "embedded");

        Assert.Equal((null, null), (options.Triton, options.Redis));
    }

    [Fact]
    public void Config_is_taken_relative_to_the_callers_folder()
    {
        var name = $"{Guid.NewGuid():N}.yaml";
        File.WriteAllText(name, string.Empty);
        try
        {
            Assert.Equal(Path.GetFullPath(name), Parse("--config", name).ConfigFile);
        }
        finally
        {
            File.Delete(name);
        }
    }

    [Fact]
    public void What_is_not_ours_is_kept_for_Aspire() => Assert.Equal(
        ["--operation", "publish"], Parse("--operation", "publish", "--port", "1").Others);

    [Theory]
    [InlineData("--port needs a value", "--port")]
    [InlineData("--port: '0' is not a port (1 to 65535)", "--port", "0")]
    [InlineData("--port: '+1' is not a port (1 to 65535)", "--port=+1")]
    [InlineData("--triton-port: '65536' is not a port (1 to 65535)", "--triton-port", "65536")]
    [InlineData("--listen: 'here' is not an IP address of this machine (such as 0.0.0.0)", "--listen", "here")]
    [InlineData("--triton: 'ftp://x' is not simulator, container or the address of a Triton (such as http://gpu-1:8001)", "--triton", "ftp://x")]
    [InlineData("--models: there is no folder '/nowhere'", "--models", "/nowhere")]
    [InlineData("--config: there is no file '/nowhere.yaml'", "--config", "/nowhere.yaml")]
    [InlineData("--seed: there is no file '/nowhere.yaml'", "--seed", "/nowhere.yaml")]
    [InlineData(
        "--config and --seed exclude each other: a file rules, or the store only begins with it", "--config=/a.yaml", "--seed=/b.yaml")]
    public void What_is_wrong_is_said_in_one_sentence(string expected, params string[] args)
    {
        var (options, error) = CommandLine.Parse(args);

        Assert.Null(options);
        Assert.Equal(expected, error);
    }

    private static LaunchOptions Parse(params string[] args)
    {
        var (options, error) = CommandLine.Parse(args);
        Assert.Null(error);
        return options!;
    }
}
