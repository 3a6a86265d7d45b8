export { caseRooms, type CaseRoomDeps } from './room.ts';
export { issueTicket, redeemTicket, ticketMigrations, type TicketContent } from './tickets.ts';
export { caseBoards, type CaseBoards } from './board.ts';
