using System.Text;
using AiRouter.Api.Backends;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Health;
using AiRouter.Api.Requests;
using AiRouter.Api.Routing.Policies;
using AiRouter.Api.Routing.Targets;
using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;
using Microsoft.AspNetCore.Http;

namespace AiRouter.Tests.Routing.Policies;

/// <summary>Targets without backends, and requests without sockets, for policies to choose among.</summary>
internal static class PolicyTargets
{
    /// <summary>One target for each weight, called a, b, c, ….</summary>
    public static RoutedTarget[] Create(TimeProvider time, params ReadOnlySpan<int> weights)
    {
        var targets = new RoutedTarget[weights.Length];
        for (var i = 0; i < targets.Length; i++)
        {
            targets[i] = Create(time, i < 26 ? $"{(char)('a' + i)}" : $"target-{i}", weights[i]);
        }

        return targets;
    }

    /// <summary>One target.</summary>
    public static RoutedTarget Create(TimeProvider time, string backend, int weight = 1)
    {
        var config = new BackendConfig { Url = new Uri("http://localhost:1/") };
        var model = new BackendModel(backend, config, default, []);
        return new RoutedTarget(
            new TargetModel(0, model, new TargetConfig { Backend = backend, Weight = weight }),
            new BackendState(null!),
            new TargetState(new TargetHealth(config.Breaker, time, new Random(1)), new TargetLoad(time)));
    }

    /// <summary>A request.</summary>
    /// <param name="json">Its body; null: it has none.</param>
    /// <param name="key">The client key; null: nobody knows whose it is.</param>
    /// <param name="operation">What is asked.</param>
    /// <param name="stream">Whether the client wants a stream.</param>
    /// <param name="dialect">How it is asked.</param>
    public static Exchange Request(
        string? json = null, string? key = null, string operation = Operations.Chat, bool stream = false,
        StreamDialect dialect = StreamDialect.Chat)
    {
        RequestBody? body = null;
        if (json is not null)
        {
            var index = JsonIndex.Read(Encoding.UTF8.GetBytes(json), out var error);
            Assert.Null(error);
            body = new JsonBody(new PooledBytes(new BodyBudget()), index!);
        }

        return new Exchange(new DefaultHttpContext(), new Operation { Name = operation, Path = "/", Dialect = dialect }, null!, "id")
        {
            Body = body,
            Facts = new RequestFacts { Stream = stream },
            Client = key is null ? null : new ClientKey { Id = key, Name = key, Hash = default },
        };
    }

    /// <summary>How often each target is chosen.</summary>
    public static int[] Count(this ITargetPolicy policy, RoutedTarget[] targets, int requests, Exchange? exchange = null)
    {
        exchange ??= Request();
        var counts = new int[targets.Length];
        for (var i = 0; i < requests; i++)
        {
            counts[Array.IndexOf(targets, policy.Choose(targets, exchange))]++;
        }

        return counts;
    }
}
