using AiRouter.AppHost.Machines;
using AiRouter.AppHost.Topology;

namespace AiRouter.AppHost.Aspire;

/// <summary>Run mode's model: what <see cref="RouterTopology"/> says, as resources.</summary>
internal static class RouterResources
{
    /// <summary>Adds everything: the store, Triton, the router and Admin.</summary>
    public static void AddRouter(
        this IDistributedApplicationBuilder builder, RouterTopology topology, Machine machine, string tritonTag)
    {
        var secrets = RunSecrets.Add(builder, topology);

        // What the router and Admin share: a container, the embedded store, or the user's own.
        var store = builder.AddStore(topology, secrets);

        // What generates: a container, the simulator, or the user's own.
        var triton = builder.AddTriton(topology, machine, tritonTag).WithModelCommands(topology);

        // The router, once what it needs is there.
        var api = builder.AddProcess<Projects.AiRouter_Api>(topology.Api)
            .WithTriton(triton)
            .WithStore(store)
            .WithHttpHealthCheck(Wiring.Paths.Ready, endpointName: Wiring.Endpoints.Http)
            .WithUrl(topology.Api, Wiring.Paths.OpenAi, "OpenAI API")
            .WithUrl(topology.Api, Wiring.Paths.Metrics, "Metrics")
            .WithConfigurationCommand(topology);

        // The pages and the management API, on loopback.
        var admin = builder.AddProcess<Projects.AiRouter_Admin>(topology.Admin)
            .WithEnvironment(Wiring.Variables.AdminKey, secrets.AdminKey)
            .WithoutVariable(Wiring.Variables.ApiHttp)
            .WithReference(api.GetEndpoint(Wiring.Endpoints.Http))
            .WithStore(store)
            .WithHttpHealthCheck(Wiring.Paths.Ready, endpointName: Wiring.Endpoints.Http)
            .WithUrl(topology.Admin, "/", "Admin")
            .WithUrl(topology.Admin, Wiring.Paths.Playground, "Playground")
            .WithUrl(topology.Admin, Wiring.Paths.ManagementApi, "Management API")
            .WithAdminCommands(topology);

        // Admin encrypts credentials of backends, routers decrypt them.
        secrets.WithEncryptionKey(api);
        secrets.WithEncryptionKey(admin);
    }
}
