using AiRouter.Api.Commands;

return await CommandTable.RunAsync(args);
